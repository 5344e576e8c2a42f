/** GPT-2's byte-level BPE, from a repository's tokenizer.json. */
import { fromRepository } from './transformers';
import { AutoTokenizer } from '@huggingface/transformers';

export interface Tokenizer {
  /** Token ids of `text`, without special tokens around it. */
  encode(text: string): number[];
  /** The text of `ids`; special tokens, such as the end of text, are left out. */
  decode(ids: ArrayLike<number>): string;
  /** The token that ends a text. */
  readonly eosId: number;
}

/**
 * @param base the repository's absolute address
 * @throws Fault download
 */
export async function loadTokenizer(base: string): Promise<Tokenizer> {
  const tokenizer = await fromRepository(base, (path) => AutoTokenizer.from_pretrained(path));
  const eosId = tokenizer.eos_token_id;
  if (eosId === undefined) throw new RangeError(`${base} names no end-of-text token`);
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }),
    decode(ids) {
      if (ids.length === 0) return ''; // which transformers.js refuses
      return tokenizer.decode(Array.from(ids), {
        skip_special_tokens: true,
        clean_up_tokenization_spaces: false,
      });
    },
    eosId,
  };
}
