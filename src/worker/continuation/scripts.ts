/** The scripts that train on in PyTorch, as they lie in models/: text in the bundle, by their names in the export. */
import continueScript from '../../../models/interop/continue.py?raw';
import readme from '../../../models/interop/continue.md?raw';
import clipText from '../../../models/interop/clip_text.py?raw';
import convert from '../../../models/interop/convert.py?raw';
import draws from '../../../models/interop/draws.py?raw';
import exported from '../../../models/interop/exported.py?raw';
import group from '../../../models/interop/group.py?raw';
import networks from '../../../models/interop/networks.py?raw';
import prefix from '../../../models/interop/prefix.py?raw';
import training from '../../../models/interop/training.py?raw';
import advantage from '../../../models/reference/advantage.py?raw';
import bytePairs from '../../../models/reference/byte_pairs.py?raw';
import config from '../../../models/reference/config.py?raw';
import mapper from '../../../models/reference/mapper.py?raw';
import gpt2 from '../../../models/reference/gpt2.py?raw';
import policy from '../../../models/reference/policy.py?raw';
import ppo from '../../../models/reference/ppo.py?raw';
import projector from '../../../models/reference/projector.py?raw';
import reward from '../../../models/reference/reward.py?raw';
import rollout from '../../../models/reference/rollout.py?raw';
import safetensorsIo from '../../../models/reference/safetensors_io.py?raw';

export const SCRIPTS: Readonly<Record<string, string>> = {
  'README.md': readme,
  'continue.py': continueScript,
  'convert.py': convert,
  'prefix.py': prefix,
  'training.py': training,
  'group.py': group,
  'networks.py': networks,
  'clip_text.py': clipText,
  'exported.py': exported,
  'draws.py': draws,
  'advantage.py': advantage,
  'byte_pairs.py': bytePairs,
  'config.py': config,
  'gpt2.py': gpt2,
  'mapper.py': mapper,
  'policy.py': policy,
  'ppo.py': ppo,
  'projector.py': projector,
  'reward.py': reward,
  'rollout.py': rollout,
  'safetensors_io.py': safetensorsIo,
};
