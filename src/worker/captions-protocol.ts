/** What the page and the worker that reads and scores captions say to each other. */
import type { CaptionFile } from '../eval/files/caption-file';
import type { CaptionsOfImage } from '../eval/files/collect';
import type { CaptionedImage, ScoredTexts, SetScores, TextScores } from '../eval/text-scores';
import type { Result } from './result';

export type { CaptionedImage, CaptionFile, CaptionsOfImage, ScoredTexts, SetScores, TextScores };

/** Steps done, of how many. */
export type Tell = (done: number, of: number) => void;

export interface CaptionsApi {
  read(file: File): Promise<Result<CaptionFile>>;
  /** @param images one at least */
  score(images: CaptionedImage[], tell: Tell): Promise<Result<ScoredTexts>>;
}
