/** Colours, brush sizes and stamps of the drawing board. */
import { ToggleGroup } from 'radix-ui';
import { COLOURS, SHAPES, type Colour, type Shape } from '../../worlds/shapes/vocabulary';
import { colourOf, shapePath } from './paint';
import styles from './board.module.css';

export type Tool =
  { kind: 'brush'; width: number } | { kind: 'stamp'; shape: Shape; radius: number };

/** In units of the board's side: the middle of the world's small and large shapes. */
const STAMP_RADIUS = { small: 0.115, large: 0.215 } as const;
const BRUSHES = [
  { name: 'Thin brush', width: 0.04 },
  { name: 'Middle brush', width: 0.09 },
  { name: 'Thick brush', width: 0.18 },
] as const;

interface BoardToolsProps {
  tool: Tool;
  onTool(tool: Tool): void;
}

const toolKey = (tool: Tool): string =>
  tool.kind === 'brush' ? `brush ${tool.width}` : tool.shape;

interface SwatchesProps {
  colour: Colour;
  onColour(colour: Colour): void;
}

export function Swatches({ colour, onColour }: SwatchesProps) {
  const choose = (name: string) => {
    const chosen = COLOURS.find((candidate) => candidate === name);
    if (chosen) onColour(chosen);
  };
  return (
    <ToggleGroup.Root
      type="single"
      value={colour}
      onValueChange={choose}
      className={styles['swatches']}
      aria-label="Colour"
    >
      {COLOURS.map((name) => (
        <ToggleGroup.Item
          key={name}
          value={name}
          aria-label={name}
          title={name}
          className={styles['swatch']}
          style={{ background: colourOf(name) }}
        />
      ))}
    </ToggleGroup.Root>
  );
}

export function BoardTools({ tool, onTool }: BoardToolsProps) {
  const radius = tool.kind === 'stamp' ? tool.radius : STAMP_RADIUS.large;
  const choose = (key: string) => {
    const brush = BRUSHES.find(({ width }) => `brush ${width}` === key);
    const shape = SHAPES.find((name) => name === key);
    if (brush) onTool({ kind: 'brush', width: brush.width });
    else if (shape) onTool({ kind: 'stamp', shape, radius });
  };
  const isLarge = radius === STAMP_RADIUS.large;
  return (
    <ToggleGroup.Root
      type="single"
      value={toolKey(tool)}
      onValueChange={choose}
      className={styles['toolGrid']}
      aria-label="Brush or stamp"
    >
      {BRUSHES.map(({ name, width }) => (
        <ToggleGroup.Item
          key={name}
          value={`brush ${width}`}
          aria-label={name}
          title={name}
          className={styles['tool']}
        >
          <span
            className={styles['nib']}
            style={{ width: `${100 * width + 3}px`, height: `${100 * width + 3}px` }}
          />
        </ToggleGroup.Item>
      ))}
      {SHAPES.map((shape) => (
        <ToggleGroup.Item
          key={shape}
          value={shape}
          aria-label={`Stamp: ${shape}`}
          title={`Stamp: ${shape}`}
          className={styles['tool']}
        >
          <svg width="18" height="18" viewBox="-1.1 -1.1 2.2 2.2" aria-hidden="true">
            <path d={shapePath(shape)} fill="currentColor" fillRule="evenodd" />
          </svg>
        </ToggleGroup.Item>
      ))}
      <button
        type="button"
        className={styles['tool']}
        disabled={tool.kind === 'brush'}
        title={isLarge ? 'Large stamps; click for small' : 'Small stamps; click for large'}
        aria-label={isLarge ? 'Stamp size: large' : 'Stamp size: small'}
        onClick={() => {
          const next = isLarge ? STAMP_RADIUS.small : STAMP_RADIUS.large;
          if (tool.kind === 'stamp') onTool({ ...tool, radius: next });
        }}
      >
        {isLarge ? 'L' : 'S'}
      </button>
    </ToggleGroup.Root>
  );
}
