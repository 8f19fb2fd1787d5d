import type { HostArray } from '@ceratops/kernel-registry';
import { CpuBackend } from '../backend.js';
import type { CpuExecutable } from '../executable.js';
import { type Answer, type Compiled, type Envelope, encodeError, type Port, type Request } from './protocol.js';

/** Answers a page's requests with a backend of this thread. */
export function serve(port: Port): void {
  let backend: CpuBackend | undefined;
  const executables = new Map<number, CpuExecutable>();

  const handle = (request: Request): HostArray | Compiled | undefined => {
    if (request.kind === 'open') {
      backend = new CpuBackend(request.options);
      return undefined;
    }
    const device = backend!;
    switch (request.kind) {
      case 'write':
        device.write(request.id, request.type, request.data);
        return undefined;
      case 'free':
        device.free(request.ids);
        return undefined;
      case 'compile': {
        const executable = device.compile(request.program, { label: request.label });
        executables.set(request.executable, executable);
        return { temporaryBytes: executable.temporaryBytes, explanation: executable.explain() };
      }
      case 'execute':
        executables.get(request.executable)?.execute(request.call);
        return undefined;
      case 'release':
        executables.get(request.executable)?.release();
        executables.delete(request.executable);
        return undefined;
      case 'read':
        return device.readSync(request.id);
      case 'synchronize':
        return undefined;
    }
  };

  port.onmessage = ({ data }) => {
    const { ticket, request } = data as Envelope;
    let answer: Pick<Answer, 'value' | 'error'>;
    try {
      answer = { value: handle(request) };
    } catch (error) {
      answer = { error: encodeError(error) };
    }
    if (ticket === 0 && answer.error === undefined) return;
    const { value } = answer;
    const transfer = value !== undefined && 'buffer' in value ? [value.buffer] : [];
    port.postMessage({ ticket, ...answer, memory: backend?.memory() }, transfer);
  };
}
