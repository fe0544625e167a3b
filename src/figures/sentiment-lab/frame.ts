/** The first frame: a matrix of transfers of the same lab, made by `npm run frames`. */
import type { Matrix } from '../../labs/sentiment/matrix.ts';
import type { TextNetwork } from '../../labs/sentiment/order.ts';
import type { SentimentSettings } from '../../labs/sentiment/settings.ts';

export interface SentimentFrame {
  /** Command that made it. */
  madeBy: string;
  /** sha256 of the weights that the settings begin with. */
  weights: string;
  network: TextNetwork;
  settings: SentimentSettings;
  matrix: Matrix;
}
