/**
 * Every way the system can fail that a person should hear about: one union, one place that puts it
 * in words. Each cause carries the numbers; `describeFault` says what failed and what to do.
 */
export type FaultCause =
  | { kind: 'no-webgpu' }
  | { kind: 'no-adapter' }
  | { kind: 'limit'; name: string; have: number; need: number }
  | { kind: 'shader'; label: string; problems: readonly string[] }
  | { kind: 'device-lost'; reason: string; message: string }
  | { kind: 'out-of-memory'; label: string; bytes: number }
  | { kind: 'gpu'; label: string; message: string }
  | { kind: 'download'; file: string; status: number; message: string; retryAfter?: number }
  | { kind: 'file-changed'; file: string; wanted: string; found: string }
  | { kind: 'hash'; file: string; wanted: string; found: string }
  | { kind: 'disk-full'; file: string; need: number }
  | { kind: 'no-storage'; message: string }
  | { kind: 'bad-file'; file: string; problem: string }
  | { kind: 'bad-image'; file: string; problem: string }
  | { kind: 'bad-sound'; file: string; problem: string }
  | { kind: 'other-modality'; file: string; wanted: 'picture' | 'sound' }
  | { kind: 'no-recording'; problem: string; remedy: string }
  | { kind: 'bad-captions'; file: string; problem: string }
  | { kind: 'nothing-to-evaluate'; problem: string }
  | { kind: 'too-long'; what: string; tokens: number; room: number }
  | { kind: 'mismatch'; file: string; differences: readonly string[] }
  | { kind: 'config'; problems: readonly string[] }
  | { kind: 'no-query'; problem: string }
  | { kind: 'non-finite'; what: string; step: number }
  | { kind: 'storage'; message: string }
  | { kind: 'page-part'; name: string; message: string }
  | { kind: 'unexpected'; message: string };

/** A fault in words: `title` says what failed, `detail` with which numbers, `remedy` what to do. */
export interface FaultText {
  title: string;
  detail: string;
  remedy: string;
}

/** An error that carries its cause as plain data, so that it survives the way out of a worker. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly fault: FaultCause;

  constructor(fault: FaultCause) {
    const { title, detail } = describeFault(fault);
    super(detail ? `${title}: ${detail}` : title);
    this.fault = fault;
  }
}

/** Whatever was thrown, as a cause. */
export function toFaultCause(error: unknown): FaultCause {
  if (error instanceof Fault) return error.fault;
  return { kind: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

export function describeFault(fault: FaultCause): FaultText {
  switch (fault.kind) {
    case 'no-webgpu':
      return {
        title: 'This browser has no WebGPU',
        detail: 'navigator.gpu is missing.',
        remedy:
          'Open the page over https or localhost in Chrome or Edge 113+, Safari 26+ or Firefox 141+ (on Windows), or turn WebGPU on in the browser’s settings.',
      };
    case 'no-adapter':
      return {
        title: 'No graphics adapter was offered',
        detail: 'WebGPU is there, but requestAdapter() returned nothing.',
        remedy:
          'Turn on hardware acceleration in the browser’s settings, update the graphics driver, then reload.',
      };
    case 'limit':
      return {
        title: 'This graphics adapter is too small for the run',
        detail: `${fault.name}: the adapter has ${fault.have}, the run needs ${fault.need}.`,
        remedy: 'Choose a smaller batch or a smaller model.',
      };
    case 'shader':
      return {
        title: `The shader “${fault.label}” did not compile`,
        detail: fault.problems.join('\n'),
        remedy:
          'Update the browser and the graphics driver; if it stays, report it with this text.',
      };
    case 'device-lost':
      return {
        title: 'The GPU was lost',
        detail: `${fault.reason}: ${fault.message || 'the browser gave no further reason'}`,
        remedy: 'Retry: training resumes from the last checkpoint.',
      };
    case 'out-of-memory':
      return {
        title: 'The GPU is out of memory',
        detail: `${megabytes(fault.bytes)} for “${fault.label}” could not be had.`,
        remedy: 'Close other tabs that use the GPU, or choose a smaller batch, then retry.',
      };
    case 'gpu':
      return {
        title: 'The GPU refused a command',
        detail: `${fault.label}: ${fault.message}`,
        remedy: 'Retry; if it stays, report it with this text.',
      };
    case 'download':
      return {
        title: `${fault.file} could not be loaded`,
        detail: fault.status ? `HTTP ${fault.status}: ${fault.message}` : fault.message,
        remedy: downloadRemedy(fault),
      };
    case 'file-changed':
      return {
        title: `${fault.file} is no longer the file that was listed`,
        detail: `It was to have ${fault.wanted}; the hub now gives ${fault.found}.`,
        remedy: 'Retry: the repository is listed anew, and only what changed is fetched again.',
      };
    case 'hash':
      return {
        title: `${fault.file} arrived damaged`,
        detail: `Its hash is ${fault.found}, the hub says ${fault.wanted}.`,
        remedy: 'It was deleted. Retry; if it stays, the mirror serves another file than the hub.',
      };
    case 'disk-full':
      return {
        title: `There is no room for ${fault.file}`,
        detail: `${megabytes(fault.need)} more were needed than this browser gives the site.`,
        remedy: 'Free disk space or delete stored models, then retry: it goes on where it stopped.',
      };
    case 'no-storage':
      return {
        title: 'This browser keeps no files for the page',
        detail: fault.message,
        remedy:
          'Leave private browsing or allow site data, then reload. The bundled world needs none.',
      };
    case 'bad-file':
      return {
        title: `${fault.file} cannot be used`,
        detail: fault.problem,
        remedy:
          'Choose another: as prefix weights a safetensors file that this page or its convert.py wrote, as a model a GPT-2, CLIP or CLAP as the hub keeps them. Nothing was changed.',
      };
    case 'bad-image':
      return {
        title: `${fault.file} is not a picture that can be read`,
        detail: fault.problem,
        remedy:
          'Use a PNG, JPEG or WebP picture; one of over a hundred megapixels may have to be made smaller first.',
      };
    case 'bad-sound':
      return {
        title: `${fault.file} is not a sound that can be heard`,
        detail: fault.problem,
        remedy: 'Use a WAV, MP3, OGG or FLAC file of some seconds.',
      };
    case 'other-modality':
      return fault.wanted === 'picture'
        ? {
            title: `${fault.file} is a sound`,
            detail: 'The models in use look at pictures.',
            remedy: 'Choose the world of sounds, or a pair with a CLAP, under Models.',
          }
        : {
            title: `${fault.file} is a picture`,
            detail: 'The models in use listen to sounds.',
            remedy: 'Choose the world of shapes, or a pair with a CLIP, under Models.',
          };
    case 'no-recording':
      return {
        title: 'Nothing can be recorded',
        detail: fault.problem,
        remedy: fault.remedy,
      };
    case 'bad-captions':
      return {
        title: `${fault.file} is not a file of captions that can be read`,
        detail: fault.problem,
        remedy:
          'Correct it there, or use COCO caption JSON, COCO results, Karpathy’s dataset JSON, CSV with columns image and caption, or JSON lines. What was there is kept.',
      };
    case 'nothing-to-evaluate':
      return {
        title: 'There is nothing to evaluate',
        detail: fault.problem,
        remedy:
          'Give the pictures that the references speak of, under the same names, or a file of captions for the same images.',
      };
    case 'too-long':
      return {
        title: `${fault.what} is too long for the language model`,
        detail: `It has ${fault.tokens} tokens, and there is room for ${fault.room}.`,
        remedy: 'Shorten it, or ask for fewer tokens.',
      };
    case 'mismatch':
      return {
        title: `${fault.file} belongs to other models`,
        detail: fault.differences.join('; '),
        remedy: 'Load the models that it was trained with, or another file. Nothing was changed.',
      };
    case 'config':
      return {
        title: 'These settings do not go together',
        detail: fault.problems.join('; '),
        remedy: 'Correct the named settings; the run keeps the last valid ones.',
      };
    case 'no-query':
      return {
        title: 'There is nothing for captions to follow',
        detail: fault.problem,
        remedy:
          'Type your own (for a run: under Settings), or choose a language model that brings them.',
      };
    case 'non-finite':
      return {
        title: 'Training diverged and was stopped',
        detail: `${fault.what} is no longer a finite number at update ${fault.step}.`,
        remedy: 'The last good weights are kept. Lower the learning rate, then resume.',
      };
    case 'storage':
      return {
        title: 'The checkpoint could not be stored',
        detail: fault.message,
        remedy: 'Free some disk space for this site, or export the weights now.',
      };
    case 'page-part':
      return {
        title: `The code of “${fault.name}” could not be loaded`,
        detail: fault.message,
        remedy:
          'Check the connection and try again. If the page was updated meanwhile, reload it: a run goes on from its last checkpoint.',
      };
    case 'unexpected':
      return {
        title: 'Something unexpected failed',
        detail: fault.message,
        remedy: 'Retry; if it stays, report it with this text.',
      };
  }
}

function downloadRemedy({ status, retryAfter }: FaultCause & { kind: 'download' }): string {
  if (status === 401 || status === 403)
    return 'The repository is private or gated: give an access token that may read it.';
  if (status === 404) return 'Check the name of the repository and the file.';
  if (status === 429)
    return retryAfter === undefined
      ? 'The hub asks for fewer requests: wait a few minutes, then retry.'
      : `The hub asks to wait ${retryAfter} s, then retry. What has arrived is kept.`;
  if (status >= 500) return 'The hub is in trouble: retry later. What has arrived is kept.';
  return 'Check the connection and retry. What has arrived is kept.';
}
