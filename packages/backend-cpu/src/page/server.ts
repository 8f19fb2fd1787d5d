import { LatePartsNeeded, needed } from '@ceratops/compiler';
import { loadPart } from '@ceratops/kernel-registry';
import { CpuDevice } from '../device.js';
import type { CpuExecutable } from '../executable.js';
import type { LateParts } from '../late-parts.js';
import { type Answer, type AnswerValue, type Envelope, encodeError, type Port, type Request } from './protocol.js';

/**
 * Answers a page's requests with a device of this thread.
 * @param late the late parts, or how to load them when a program needs them.
 */
export function serve(port: Port, late: LateParts | (() => Promise<LateParts>)): void {
  let opened: CpuDevice | undefined;
  const executables = new Map<number, CpuExecutable>();

  const handle = (request: Request): AnswerValue => {
    if (request.kind === 'open') {
      opened = new CpuDevice(request.options, typeof late === 'function' ? undefined : late);
      return undefined;
    }
    const device = opened!;
    switch (request.kind) {
      case 'write':
        try {
          device.write(request.id, request.type, request.data);
        } catch (error) {
          device.poison(request.id, request.type, error);
        }
        return undefined;
      case 'free':
        device.free(request.ids);
        return undefined;
      case 'compile': {
        const executable = device.compile(request.program, { label: request.label });
        executables.set(request.executable, executable);
        return executable.temporaryBytes;
      }
      case 'execute':
        executables.get(request.executable)?.execute(request.call);
        return undefined;
      case 'explain':
        return executables.get(request.executable)?.explain();
      case 'release':
        executables.get(request.executable)?.release();
        executables.delete(request.executable);
        return undefined;
      case 'read':
        return device.readSync(request.id);
      case 'synchronize':
        return undefined;
      case 'profile':
        return needed(device.engine.late).profiling.profile(device.engine, request.on);
    }
  };

  /** While late parts load: what came meanwhile, after the request that needs them. */
  let waiting: Envelope[] | undefined;

  const receive = (envelope: Envelope): void => {
    if (waiting !== undefined) {
      waiting.push(envelope);
      return;
    }
    try {
      send(envelope, { value: handle(envelope.request) });
    } catch (error) {
      if (error instanceof LatePartsNeeded) void loadFor(envelope);
      else send(envelope, { error: encodeError(error) });
    }
  };

  const loadFor = async (envelope: Envelope): Promise<void> => {
    const requests = (waiting = [envelope]);
    let failure: unknown;
    try {
      opened!.engine.late = await loadPart(late as () => Promise<LateParts>);
    } catch (error) {
      failure = error;
    }
    waiting = undefined;
    if (failure !== undefined) send(requests.shift()!, { error: encodeError(failure) });
    for (const request of requests) receive(request);
  };

  const send = ({ ticket }: Envelope, answer: Pick<Answer, 'value' | 'error'>): void => {
    if (ticket === 0 && answer.error === undefined) return;
    const { value } = answer;
    const transfer = ArrayBuffer.isView(value) ? [value.buffer] : [];
    port.postMessage({ ticket, ...answer, memory: opened?.memory() }, transfer);
  };

  port.onmessage = ({ data }) => receive(data as Envelope);
}
