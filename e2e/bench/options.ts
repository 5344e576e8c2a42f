/** What a benchmark is told on its command line, and the name under which its result is kept. */

export interface BenchOptions {
  /** `--gpu`: on the machine's own GPU instead of the software adapter. */
  onGpu: boolean;
  /** `--node`: in Node, on the driver that the machine has, instead of in a browser's page. */
  inNode: boolean;
  /** `--large`: at the shape of GPT-2 124M. */
  isLarge: boolean;
  /** What stands there behind the benchmark's name. */
  rest: readonly string[];
}

export function optionsOf(args: readonly string[]): BenchOptions & { name: string } {
  const [name = 'phases', ...rest] = args.filter((arg) => !arg.startsWith('--'));
  return {
    name,
    onGpu: args.includes('--gpu'),
    inNode: args.includes('--node'),
    isLarge: args.includes('--large'),
    rest,
  };
}

/** A GPU's figures never take the place of the software adapter's, nor a large network's or a part's of the others. */
export const resultName = (name: string, { onGpu, inNode, isLarge, rest }: BenchOptions): string =>
  [
    name,
    ...(isLarge ? ['large'] : []),
    ...(onGpu ? ['gpu'] : []),
    ...(inNode ? ['node'] : []),
    ...rest,
  ]
    .join('-')
    .toLowerCase();
