/**
 * A person's own reward of a response, such as "clip - 0.1 * abs(words - 8) + has('red')". jsep parses it;
 * what is allowed is listed here, and nothing is ever evaluated as code.
 */
import jsep from 'jsep';

/** What is known of one response. */
export interface Response {
  text: string;
  /** CLIP's cosine. */
  cosine: number;
  /** The CLIP reward as it would be without an expression: gain · (cosine − bias). */
  clip: number;
  /** Tokens, the end of text among them. */
  length: number;
  /** Mean log-probability of a token, nats: by the policy, and by the text-only language model. */
  logprob: number;
  fluency: number;
}

/** Names that an expression may use, with their meaning; shown to the person. */
export const VARIABLES: Readonly<Record<string, { of(response: Response): number; help: string }>> =
  {
    clip: { of: ({ clip }) => clip, help: 'the CLIP reward, gain · (cosine − bias)' },
    cosine: { of: ({ cosine }) => cosine, help: 'CLIP’s cosine' },
    length: { of: ({ length }) => length, help: 'tokens of the response' },
    words: { of: ({ text }) => wordsOf(text).length, help: 'words of the response' },
    logprob: { of: ({ logprob }) => logprob, help: 'mean log-probability of its tokens' },
    fluency: { of: ({ fluency }) => fluency, help: 'the same by the text-only language model' },
  };

const NUMBERS: Readonly<Record<string, (...values: number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
};

/** Of a word in quotes. */
const WORDS: Readonly<Record<string, (text: string, word: string) => number>> = {
  has: (text, word) => Number(wordsOf(text).includes(word.toLowerCase())),
  count: (text, word) => wordsOf(text).filter((other) => other === word.toLowerCase()).length,
};

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

const UNARY: Readonly<Record<string, (a: number) => number>> = {
  '-': (a) => -a,
  '+': (a) => a,
  '!': (a) => Number(a === 0),
};

type Valued = (response: Response) => number;

export type Compiled = { ok: true; value: Valued } | { ok: false; problem: string };

/** @returns the reward of a response, or what is wrong with the text */
export function compileReward(expression: string): Compiled {
  try {
    return { ok: true, value: compile(jsep(expression)) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function compile(node: jsep.Expression): Valued {
  switch (node.type) {
    case 'Literal': {
      const { value } = node as jsep.Literal;
      if (typeof value === 'number') return () => value;
      throw new Error(`${String(value)} is no number`);
    }
    case 'Identifier': {
      const { name } = node as jsep.Identifier;
      return known(VARIABLES, name).of;
    }
    case 'UnaryExpression': {
      const { operator, argument } = node as jsep.UnaryExpression;
      const [apply, value] = [known(UNARY, operator), compile(argument)];
      return (response) => apply(value(response));
    }
    case 'BinaryExpression': {
      const { operator, left, right } = node as jsep.BinaryExpression;
      const [apply, a, b] = [known(BINARY, operator), compile(left), compile(right)];
      return (response) => apply(a(response), b(response));
    }
    case 'ConditionalExpression': {
      const { test, consequent, alternate } = node as jsep.ConditionalExpression;
      const [when, yes, no] = [compile(test), compile(consequent), compile(alternate)];
      return (response) => (when(response) !== 0 ? yes(response) : no(response));
    }
    case 'CallExpression':
      return compileCall(node as jsep.CallExpression);
    default:
      throw new Error(`${node.type} is not allowed; one sum of terms is`);
  }
}

function compileCall({ callee, arguments: given }: jsep.CallExpression): Valued {
  const name = callee.type === 'Identifier' ? (callee as jsep.Identifier).name : callee.type;
  if (Object.hasOwn(WORDS, name)) {
    const [word, ...rest] = given.map((argument) => (argument as jsep.Literal).value);
    if (typeof word !== 'string' || word === '' || rest.length > 0)
      throw new Error(`${name} wants one word in quotes: ${name}('red')`);
    return ({ text }) => WORDS[name]!(text, word);
  }
  const [apply, values] = [known(NUMBERS, name), given.map(compile)];
  if (values.length === 0) throw new Error(`${name} wants a number`);
  return (response) => apply(...values.map((value) => value(response)));
}

function known<T>(table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  const names = [...Object.keys(VARIABLES), ...Object.keys(NUMBERS), ...Object.keys(WORDS)];
  throw new Error(`${name} is not known here; known are ${names.join(', ')}`);
}

const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];
