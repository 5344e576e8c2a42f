/** Before each test file. */
import { installWebGpu } from './webgpu';

await installWebGpu();
