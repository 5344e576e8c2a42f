/** One picture in several styles, side by side. */
import type { Result } from './result';

export interface InStyles {
  /** Of the picture. */
  id: string;
  /** Updates that the model had behind it. */
  update: number;
  captions: { label: string; text: string; cosine: number }[];
}

export interface StylesApi {
  /**
   * Captions a picture that is shown once after each label, between two updates.
   * @param labels separated by commas; '' for the run's, which are the language model's own unless settings say others
   */
  write(id: string, labels: string): Promise<Result<InStyles>>;
}
