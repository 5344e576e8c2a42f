/**
 * From a WGSL file to something that can be replayed: `KernelRunner.prepare` compiles (once for each
 * file and overrides), binds and returns a `Dispatch`; `submit` records a list of them into one command
 * buffer. Everything is made in `prepare`, so that a steady-state iteration creates nothing.
 *
 * Convention of every kernel file: entry point `main`, group 0, storage bindings in the order of
 * `inputs` then `outputs`, then the `Params` uniform last.
 */
import { Fault } from '../faults';
import type { Gpu } from './device';
import type { Binding } from './rows';
import { Tensor } from './tensor';

/** A uniform's value with the WGSL type that it has in `Params`. */
export type Param = { u32: number } | { f32: number };
export const u32 = (value: number): Param => ({ u32: value });
export const f32 = (value: number): Param => ({ f32: value });

export interface KernelCall {
  /** Shown in GPU debuggers and errors: "layernorm forward". */
  label: string;
  /** The WGSL source, imported with `?raw`. */
  code: string;
  /** Values of `override` constants, such as tile sizes. */
  overrides?: Record<string, number>;
  /** Read-only storage bindings, from binding 0. */
  inputs: readonly Binding[];
  /** Read-write storage bindings, after the inputs. */
  outputs: readonly Binding[];
  /** Fields of `Params` in the order of the struct; the last binding. */
  params?: Readonly<Record<string, Param>>;
  /** Workgroups to dispatch. */
  workgroups: readonly [x: number, y?: number, z?: number];
}

/** Something that a command buffer can hold. */
export interface Step {
  encode(commands: Commands): void;
}

/** A step that owns something. */
export interface Prepared extends Step {
  readonly label: string;
  destroy(): void;
}

/** A problem on which kernels can be compared; `prepare` clears what `bits` reads. */
export interface Trial {
  prepare(name: string): Promise<Prepared>;
  bits(): Promise<Uint32Array>;
  destroy(): void;
}

/** Chooses among kernels that compute the same; the first is the default. */
export interface Chooser {
  choose(key: string, names: readonly [string, ...string[]], trial: () => Trial): Promise<string>;
}

/** One prepared kernel call. */
export class Dispatch implements Prepared {
  readonly label: string;
  readonly #pipeline: GPUComputePipeline;
  readonly #bindGroup: GPUBindGroup;
  readonly #workgroups: readonly [number, number?, number?];
  readonly #params:
    { buffer: GPUBuffer; fields: string[]; bits: DataView; isWritten: boolean } | undefined;
  readonly #gpu: Gpu;

  constructor(
    gpu: Gpu,
    call: KernelCall,
    pipeline: GPUComputePipeline,
    bindGroup: GPUBindGroup,
    params: GPUBuffer | undefined,
  ) {
    this.#gpu = gpu;
    this.label = call.label;
    this.#pipeline = pipeline;
    this.#bindGroup = bindGroup;
    this.#workgroups = call.workgroups;
    if (params && call.params) {
      const fields = Object.keys(call.params);
      const bits = new DataView(new ArrayBuffer(Math.ceil(fields.length / 4) * 16));
      this.#params = { buffer: params, fields, bits, isWritten: false };
      this.setParams(call.params);
    }
  }

  /** Overwrites the named fields of `Params`, in queue order; what they hold already is not written again. */
  setParams(values: Readonly<Record<string, Param>>): void {
    const params = this.#params;
    if (!params) throw new TypeError(`${this.label} has no params`);
    let isWritten = params.isWritten;
    for (const [name, value] of Object.entries(values)) {
      const index = params.fields.indexOf(name);
      if (index < 0) throw new TypeError(`${this.label} has no param “${name}”`);
      const before = params.bits.getUint32(index * 4, true);
      if ('u32' in value) params.bits.setUint32(index * 4, value.u32, true);
      else params.bits.setFloat32(index * 4, value.f32, true);
      isWritten &&= params.bits.getUint32(index * 4, true) === before;
    }
    if (isWritten) return;
    const { buffer, byteLength } = params.bits;
    this.#gpu.upload(params.buffer, 0, buffer as ArrayBuffer, 0, byteLength);
    params.isWritten = true;
  }

  encode(commands: Commands): void {
    const pass = commands.dispatch();
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#bindGroup);
    pass.dispatchWorkgroups(...this.#workgroups);
  }

  /** Frees the uniform; the tensors belong to whoever made them. */
  destroy(): void {
    if (this.#params) this.#gpu.destroyBuffer(this.#params.buffer);
  }
}

/** A command encoder that opens a compute pass when a dispatch needs one and ends it for copies. */
export class Commands {
  readonly #encoder: GPUCommandEncoder;
  readonly #descriptor: GPUComputePassDescriptor;
  #pass: GPUComputePassEncoder | undefined;
  #dispatches = 0;

  /** @param timestampWrites of the pass, of which there is then to be only one */
  constructor(device: GPUDevice, label: string, timestampWrites?: GPUComputePassTimestampWrites) {
    this.#descriptor = { label, ...(timestampWrites && { timestampWrites }) };
    this.#encoder = device.createCommandEncoder({ label });
  }

  /** The pass for one more kernel call. */
  dispatch(): GPUComputePassEncoder {
    this.#dispatches++;
    this.#pass ??= this.#encoder.beginComputePass(this.#descriptor);
    return this.#pass;
  }

  copies(): GPUCommandEncoder {
    this.#pass?.end();
    this.#pass = undefined;
    return this.#encoder;
  }

  submit(gpu: Gpu): void {
    gpu.submit(this.copies().finish(), this.#dispatches);
  }
}

export class KernelRunner {
  readonly gpu: Gpu;
  /** Bytes that one storage binding may have; `rowRanges` splits what is larger. */
  readonly maxBinding: number;
  readonly chooser: Chooser | undefined;
  /** Bound where a kernel has a place for a tensor that is not there. */
  readonly spare: { readonly read: Binding; readonly written: Binding };
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  /** @param maxBinding left out, the device's limit; @param chooser left out, variants are the default ones */
  constructor(
    gpu: Gpu,
    maxBinding = gpu.device.limits.maxStorageBufferBindingSize,
    chooser?: Chooser,
  ) {
    this.gpu = gpu;
    this.chooser = chooser;
    this.maxBinding = maxBinding;
    this.spare = {
      read: new Tensor(gpu, 'not there', [4]),
      written: new Tensor(gpu, 'not wanted', [4]),
    };
  }

  /**
   * Compiles and binds one call.
   * @throws Fault shader, with line and column of each problem
   */
  async prepare(call: KernelCall): Promise<Dispatch> {
    const { device } = this.gpu;
    const limit = device.limits.maxComputeWorkgroupsPerDimension;
    const largest = Math.max(...call.workgroups.map((count) => count ?? 1));
    if (largest > limit)
      throw new Fault({
        kind: 'limit',
        name: `maxComputeWorkgroupsPerDimension (${call.label})`,
        have: limit,
        need: largest,
      });
    for (const { label, bytes } of [...call.inputs, ...call.outputs])
      if (bytes > this.maxBinding)
        throw new Fault({
          kind: 'limit',
          name: `maxStorageBufferBindingSize (${label})`,
          have: this.maxBinding,
          need: bytes,
        });
    const layout = this.#layout(call.inputs.length, call.outputs.length, Boolean(call.params));
    const pipeline = await this.#pipeline(call, layout);
    let params: GPUBuffer | undefined;
    const entries: GPUBindGroupEntry[] = [...call.inputs, ...call.outputs].map(
      ({ buffer, offset, bytes }, binding) => ({
        binding,
        resource: { buffer, offset, size: Math.max(4, bytes) },
      }),
    );
    if (call.params) {
      const bytes = Object.keys(call.params).length * 4;
      params = this.gpu.createBuffer(`${call.label} params`, bytes, 0x40 | 0x8); // UNIFORM | COPY_DST
      entries.push({ binding: entries.length, resource: { buffer: params } });
    }
    const bindGroup = device.createBindGroup({ label: call.label, layout, entries });
    return new Dispatch(this.gpu, call, pipeline, bindGroup, params);
  }

  /** Records the steps into one command buffer and submits it. */
  submit(label: string, steps: readonly Step[]): void {
    const commands = new Commands(this.gpu.device, label);
    for (const step of steps) step.encode(commands);
    commands.submit(this.gpu);
  }

  #layout(inputs: number, outputs: number, params: boolean): GPUBindGroupLayout {
    const key = `${inputs} ${outputs} ${params}`;
    let layout = this.#layouts.get(key);
    if (!layout) {
      const types: GPUBufferBindingType[] = [
        ...Array<GPUBufferBindingType>(inputs).fill('read-only-storage'),
        ...Array<GPUBufferBindingType>(outputs).fill('storage'),
        ...(params ? (['uniform'] as const) : []),
      ];
      layout = this.gpu.device.createBindGroupLayout({
        label: `${inputs} inputs, ${outputs} outputs`,
        entries: types.map((type, binding) => ({ binding, visibility: 0x4, buffer: { type } })), // COMPUTE
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  #pipeline(call: KernelCall, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const key = JSON.stringify([call.code, call.overrides ?? {}, layout.label]);
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.#compile(call, layout);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  async #compile(call: KernelCall, layout: GPUBindGroupLayout): Promise<GPUComputePipeline> {
    const { device } = this.gpu;
    const module = device.createShaderModule({ label: call.label, code: call.code });
    try {
      return await device.createComputePipelineAsync({
        label: call.label,
        layout: device.createPipelineLayout({ label: call.label, bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main', constants: call.overrides ?? {} },
      });
    } catch (error) {
      // Asked for only now: every answer from the module would be waited for before it compiles.
      const { messages } = await module.getCompilationInfo();
      const errors = messages
        .filter(({ type }) => type === 'error')
        .map(
          ({ lineNum, linePos, message }) =>
            `${lineNum}:${linePos} ${message} | ${call.code.split('\n')[lineNum - 1] ?? ''}`,
        );
      const problems = errors.length > 0 ? errors : [String(error)];
      throw new Fault({ kind: 'shader', label: call.label, problems });
    }
  }
}
