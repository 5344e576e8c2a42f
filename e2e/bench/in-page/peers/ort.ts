/** ONNX Runtime's forward pass, on its WASM or its WebGPU kernels. */
import { bound, onCpu, Session } from '../../../../src/frozen/onnx/runtime';
import type { Provider } from '../../../../src/frozen/provider';
import type { Gpu } from '../../../../src/gpu/device';
import { Tensor } from '../../../../src/gpu/tensor';
import { likelihoodGraph } from './graph';
import type { Peer } from './peer';
import type { Work } from './work';

export async function ortPeer(gpu: Gpu, provider: Provider, work: Work): Promise<Peer> {
  const { B, P, S, T, config, prefix, tokens, targets } = work;
  const session = await Session.create(likelihoodGraph(work), gpu, provider);
  const given = [
    ['prefix', prefix, [B, P, config.n_embd]],
    ['tokens', tokens, [B, S]],
    ['targets', targets, [B, T]],
  ] as const;
  const tensors = given.map(([name, data, shape]) => Tensor.from(gpu, name, shape, data));
  const feeds = Object.fromEntries(
    given.map(([name, data, shape], i) => [
      name,
      provider === 'wasm' ? onCpu(data, shape) : bound(tensors[i]!),
    ]),
  );
  return {
    name: `ONNX Runtime, ${provider}`,
    operations: {
      forward: {
        async run() {
          const { logp } = await session.run(feeds, { logp: null });
          return logp!.data as Float32Array;
        },
      },
    },
    async destroy() {
      await session.dispose();
      for (const tensor of tensors) tensor.destroy();
    },
  };
}
