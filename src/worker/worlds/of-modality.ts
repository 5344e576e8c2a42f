/** The world whose scenes stand in where a person has given nothing to train on. */
import type { Hearing } from '../../frozen/encoder';
import type { World } from '../world';
import { SHAPES } from './shapes';
import { soundsAt } from './sounds';

/** @param hearing of an encoder of sounds; undefined where it looks at pictures */
export const worldFor = (hearing: Hearing | undefined): World =>
  hearing ? soundsAt(hearing.rate) : SHAPES;
