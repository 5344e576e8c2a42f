/** The dedicated worker that reads and writes stored models. */
import * as Comlink from 'comlink';
import { Library } from './library';

Comlink.expose(new Library());
