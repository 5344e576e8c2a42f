/** The dedicated worker in which everything that touches the GPU lives. */
import * as Comlink from 'comlink';
import { TrainerSession } from './session';

Comlink.expose(new TrainerSession());
