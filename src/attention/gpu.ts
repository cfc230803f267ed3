import type { AsyncAttend, AttendInput, AttendTrace } from './attend.ts';
import { AttendError, checkRequest, type Request } from './check.ts';
import { type Engine, type GpuJs, openEngine } from './kernels.ts';
import { answerPlainly, plain } from './plain.ts';

/** What can run attention here: the modes of gpu.js, best first, and the plain form when none of them works. */
export type Backend = 'webgpu' | 'webgl2' | 'webasm' | 'cpu' | 'plain';

export interface GpuAttend {
  attend: AsyncAttend;
  /** What runs: settled before the first call, and changed only if it fails later and the next one takes over. */
  readonly backend: Backend;
  /** Why it is this one: what stood in the way of those before it. */
  readonly reason: string;
  /** Gives back what the graphics chip holds for us. */
  destroy(): Promise<void>;
}

const ORDER: readonly Backend[] = ['webgpu', 'webgl2', 'webasm', 'cpu', 'plain'];
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i;
const plainEngine: Engine = { run: async (request) => answerPlainly(request), destroy: async () => {} };
const PROBE_TOLERANCE = 1e-4;

/**
 * Opens attention on gpu.js, which is loaded here and nowhere else.
 *
 * @param options.backend
 *   `'auto'` (the default) takes the first that works: `webgpu` if a hardware adapter answers, `webgl2` on hardware,
 *   `webasm`, in Node also `cpu`, else `plain` without gpu.js. A chip that is only imitated in software is passed over,
 *   being slower than `webasm`. Any other value asks for that one alone, imitated or not.
 * @returns the form, and which backend it is and why. Each backend first has to give the plain form's numbers on a
 *   small case.
 * @throws {AttendError} when the backend asked for cannot run here.
 */
export async function createGpuAttend({ backend = 'auto' }: { backend?: 'auto' | Backend } = {}): Promise<GpuAttend> {
  if (backend !== 'auto' && !ORDER.includes(backend)) {
    throw new AttendError('backend', `'auto' or one of ${ORDER.join(', ')}`, `'${backend}'`);
  }
  const isForced = backend !== 'auto';
  const left = isForced ? [backend] : ORDER.filter((name) => name !== 'cpu' || isNode());
  const obstacles: string[] = [];
  let current: Backend = 'plain';
  let engine: Engine | null = null;

  /** Moves on to the next backend that works. */
  async function next(): Promise<void> {
    for (;;) {
      const candidate = left.shift();
      if (candidate === undefined) throw new AttendError('backend', 'one that runs here', obstacles.join('; '));
      try {
        await findObstacle(candidate, isForced);
        engine = candidate === 'plain' ? plainEngine : await openProbed(candidate);
        current = candidate;
        return;
      } catch (error) {
        obstacles.push(`${candidate}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }

  async function retire(): Promise<void> {
    const old = engine;
    engine = null;
    await old?.destroy();
  }

  /** Answers a request when those before it are answered, one at a time: a pipeline may not be thrown away in use. */
  async function waitFor(earlier: Promise<unknown>, request: Request): Promise<AttendTrace> {
    await earlier;
    for (;;) {
      if (engine === null) throw new Error(`Attention on ${current} is closed; open another with createGpuAttend()`);
      try {
        return await engine.run(request);
      } catch (error) {
        if (error instanceof AttendError) throw error;
        obstacles.push(`${current}: ${error instanceof Error ? error.message : error}`);
        await retire();
        await next();
      }
    }
  }

  await next();
  let queue: Promise<unknown> = Promise.resolve();

  return {
    get backend() {
      return current;
    },
    get reason() {
      if (isForced) return `${current} was asked for`;
      return obstacles.length === 0 ? 'the first choice works here' : obstacles.join('; ');
    },
    async attend(input, options = {}): Promise<AttendTrace> {
      const answer = waitFor(queue, own(checkRequest(input, options, 'float32')));
      queue = answer.catch(() => {});
      return answer;
    },
    async destroy() {
      await queue;
      await retire();
    },
  };
}

/** A copy that the caller cannot change while it waits in the queue. */
function own(request: Request): Request {
  const { q, k, v, bias } = request;
  return { ...request, q: q.slice(), k: k.slice(), v: v.slice(), bias: bias?.slice() ?? null };
}

/** Opens a mode and has it compute one small case with everything in it; throws when that does not come out right. */
async function openProbed(mode: Backend): Promise<Engine> {
  const engine = openEngine(await loadGpuJs(), mode);
  try {
    const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => 2 * Math.sin(1 + i * step));
    const input: AttendInput = {
      nHeads: 2,
      nKeyHeads: 1,
      nQueries: 3,
      nKeys: 5,
      headDim: 3,
      valueDim: 2,
      q: wave(18, 1.3),
      k: wave(15, 2.1),
      v: wave(10, 0.7),
    };
    const options = { causal: true, firstPosition: 0, softcap: 5, cut: [{ head: 1, query: 0, key: 0 }] };
    const found = await engine.run(checkRequest(input, options, 'float32'));
    const expected = plain(input, options);
    for (const step of ['scores', 'weights', 'output'] as const) {
      for (const [index, value] of expected[step].entries()) {
        const difference = Math.abs(found[step][index] - value);
        if (!(difference <= PROBE_TOLERANCE)) {
          throw new Error(`its ${step} are ${difference.toPrecision(2)} away from the plain form's on a small case`);
        }
      }
    }
    return engine;
  } catch (error) {
    await engine.destroy();
    throw error;
  }
}

async function loadGpuJs(): Promise<GpuJs> {
  // gpu.js puts itself in the place of the browser's own `GPU`; that is put back.
  const native = Object.getOwnPropertyDescriptor(globalThis, 'GPU');
  const loaded = (await import('gpu.js')) as unknown as Partial<GpuJs> & { default: GpuJs };
  if (native) Object.defineProperty(globalThis, 'GPU', native);
  else Reflect.deleteProperty(globalThis, 'GPU');
  return loaded.GPU && loaded.input ? (loaded as GpuJs) : loaded.default;
}

/** Throws, in a few words, what keeps a mode from running here; an imitated chip is an obstacle unless it was asked for. */
async function findObstacle(mode: Backend, isForced: boolean): Promise<void> {
  if (mode === 'webgpu') {
    await offerWebGpuInNode(isForced);
    const gpu = globalThis.navigator?.gpu;
    if (!gpu) throw new Error('WebGPU is not offered here');
    const adapter = await gpu.requestAdapter();
    if (!adapter) throw new Error('no adapter answers');
    const { info } = adapter;
    const names = [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(' ');
    if (!isForced && (info.isFallbackAdapter || SOFTWARE.test(names))) {
      throw new Error(`the adapter is imitated in software (${names})`);
    }
  }
  if (mode === 'webgl2') {
    const renderer = webgl2Renderer();
    if (renderer === null) throw new Error('WebGL 2 is not offered here');
    if (!isForced && SOFTWARE.test(renderer)) throw new Error(`the chip is imitated in software (${renderer})`);
  }
  if (mode === 'webasm' && typeof WebAssembly === 'undefined') throw new Error('WebAssembly is not offered here');
}

/** The name of what draws WebGL 2 here, or null where nothing does. */
function webgl2Renderer(): string | null {
  const canvas =
    typeof OffscreenCanvas !== 'undefined'
      ? new OffscreenCanvas(1, 1)
      : typeof document !== 'undefined'
        ? document.createElement('canvas')
        : null;
  const gl = canvas?.getContext('webgl2') as WebGL2RenderingContext | null | undefined;
  if (!gl) return null;
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return renderer;
}

function isNode(): boolean {
  return typeof globalThis.process?.versions?.node === 'string';
}

/**
 * Node has no WebGPU of its own; the package `webgpu` gives it one where the system has a driver. On Linux it complains
 * aloud when there is none, so the system is asked first, unless this backend alone was asked for.
 */
async function offerWebGpuInNode(isForced: boolean): Promise<void> {
  if (!isNode() || globalThis.navigator?.gpu) return;
  if (process.platform === 'linux' && !isForced && !hasChipOnLinux()) return;
  // A name that bundlers do not follow: in a browser this line is never reached.
  const name = 'webgpu';
  const { create, globals } = await import(/* @vite-ignore */ name);
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
}

/** Whether Linux offers a graphics chip to programs, and the Vulkan library to reach it. */
function hasChipOnLinux(): boolean {
  const { existsSync } = process.getBuiltinModule('node:fs');
  if (!['/dev/dri/renderD128', '/dev/nvidia0', '/dev/dxg'].some((device) => existsSync(device))) return false;
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1');
    return true;
  } catch (error) {
    // A library that is there but no Node module is refused for that.
    return !/cannot open shared object/.test(String(error));
  }
}
