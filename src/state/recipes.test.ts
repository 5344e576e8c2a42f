import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../esper/config';
import { configOf, RECIPES, recipeOf } from './recipes';

it.each(RECIPES)('“$name” is a valid config, known again, with the seed kept', (recipe) => {
  const config = configOf(recipe, { ...DEFAULT_CONFIG, seed: 77, klCoef: 3 });
  expect(config.seed).toBe(77);
  expect(recipeOf(config)).toBe(recipe);
});

it('a config that differs in one setting is no recipe', () => {
  expect(recipeOf(DEFAULT_CONFIG)).toBe(RECIPES[0]);
  expect(recipeOf({ ...DEFAULT_CONFIG, temperature: 0.75 })).toBeUndefined();
});
