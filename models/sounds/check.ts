/** Holds the bundled sounds world to PyTorch, from the samples on. Exits with an error where it differs. */
import { checkWorld, expectSameTokens, largestError } from '../worlds/against_pytorch';

interface Golden {
  texts: string[];
  sounds: number;
  gpt2: number[][];
  clap: number[][];
  text: number[][];
  audio: number[][];
}

await checkWorld<Golden>(import.meta.dirname, 'soundsCheck', async (page, golden) => {
  const result = await page.evaluate(
    ({ texts, sounds }) => window.soundsCheck(texts, sounds),
    golden,
  );
  for (const name of ['gpt2', 'clap'] as const)
    expectSameTokens(name, golden.texts, golden[name], result[name]);
  console.log('a sound takes', result.milliseconds);
  return {
    text: largestError(golden.text, result.text),
    audio: largestError(golden.audio, result.audio),
  };
});
