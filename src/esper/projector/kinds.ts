/** The passes of each kind of projector, for those who need not know which it is. */
import type { KernelRunner } from '../../gpu/kernel';
import type { Tensor } from '../../gpu/tensor';
import { mlpForward, mlpRowFloats } from './mlp';
import type { ProjectorForward, ProjectorTensors, RowFloats } from './pass';
import type { ProjectorKind, ProjectorShape } from './shape';
import { transformerForward, transformerRowFloats } from './transformer';

interface Kind {
  rowFloats(shape: ProjectorShape): RowFloats;
  /** @param prefix [R, …prefixExtents], written by the pass */
  forward(
    runner: KernelRunner,
    shape: ProjectorShape,
    weights: ProjectorTensors,
    R: number,
    prefix: Tensor,
  ): Promise<ProjectorForward>;
}

const MLP: Kind = { rowFloats: mlpRowFloats, forward: mlpForward };

const KINDS: Readonly<Record<ProjectorKind, Kind>> = {
  mlp: MLP,
  linear: MLP,
  deep: MLP,
  transformer: { rowFloats: transformerRowFloats, forward: transformerForward },
};

export const passesOf = ({ kind }: ProjectorShape): Kind => KINDS[kind];
