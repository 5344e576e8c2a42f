/** The bundled world's tokenizer, as the page loads it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer, type Tokenizer } from './tokenizer';

describe('tokenizer of shapes/gpt2', () => {
  let tokenizer: Tokenizer;

  beforeAll(async () => {
    tokenizer = await loadTokenizer(new URL('/models/shapes/gpt2/', location.href).href);
  });

  it.each([
    'a small red circle above a large blue square',
    ' news: two shapes.',
    'Caption: “naïve” — 3½ ✓',
    '',
  ])('decodes what it encodes: “%s”', (text) => {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it('adds no special tokens, and leaves them out of the text', () => {
    const ids = tokenizer.encode('a red circle');
    expect(ids).not.toContain(tokenizer.eosId);
    expect(tokenizer.decode([...ids, tokenizer.eosId])).toBe('a red circle');
  });

  it('names the repository that cannot be loaded', async () => {
    const base = new URL('/models/shapes/none/', location.href).href;
    await expect(loadTokenizer(base)).rejects.toThrow(base);
  });
});
