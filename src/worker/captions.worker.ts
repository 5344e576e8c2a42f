/** The worker in which files of captions are read and scored, apart from the trainer's. */
import * as Comlink from 'comlink';
import { readCaptionFile } from '../eval/files/caption-file';
import { scoreTexts } from '../eval/text-scores';
import type { CaptionsApi } from './captions-protocol';
import { answer } from './work-queue';

const api: CaptionsApi = {
  read: (file) => answer(async () => readCaptionFile(file.name, await file.text())),
  score: (images, tell) => answer(async () => scoreTexts(images, tell)),
};

Comlink.expose(api);
