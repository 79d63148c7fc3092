import { badRequest } from '../../kube/apimachinery/index.ts';
import { validContainer } from '../../kube/apis/core/pod-containers.ts';
import type { ExecCall } from '../../kube/apiserver/http/index.ts';
import { podOf, type Access } from './cluster-access.ts';

/** Where a command's output and end go. */
export interface ExecSink {
  output(fd: 1 | 2, text: string): void;
  /** A Status: Success, or a Failure with the exit code among its causes. Nothing comes after it. */
  end(status: object): void;
}

/** A command that runs. */
export interface RunningExec {
  type(text: string): void;
  /** Standard input is at its end. */
  endInput(): void;
  /** The client has gone. */
  hangUp(): void;
}

/** The container of an exec or attach. Throws ApiError before anything is begun. Kubernetes: pod strategy.go streamLocation. */
export function execContainer(access: Access, call: ExecCall): string {
  const { namespace, pod: name, stdin, stdout, stderr, command } = call;
  const pod = podOf(access, namespace, name);
  const container = validContainer(pod, call.container);
  if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  if (!stdin && !stdout && !stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  if (command?.length === 0) throw badRequest('you must specify at least 1 command for the container');
  return container;
}

/** Begins a command in a container; what it tells goes to the sink. */
export function runExec(
  { session, listeners }: Access,
  call: ExecCall,
  container: string,
  sink: ExecSink,
): RunningExec {
  const { namespace, pod, command, stdin, stdout, stderr, tty } = call;
  const id = session.injected;
  let over = false;
  const forget = listeners.onExec(id, (told) => {
    if (told.type === 'exec-output') {
      if (told.fd === 1 ? stdout : stderr) sink.output(told.fd, told.text);
      return;
    }
    forget();
    over = true;
    sink.end(statusOf(told.exitCode, told.error));
  });
  session.input({ type: 'exec', namespace, pod, container, command, stdin, tty });
  let inputEnded = false;
  const endInput = (): void => {
    if (inputEnded) return;
    inputEnded = true;
    if (!over) session.input({ type: 'stdin', exec: id, text: '', end: true, stays: true });
  };
  return {
    type(text) {
      if (stdin && !over && text !== '') session.input({ type: 'stdin', exec: id, text });
    },
    endInput,
    hangUp() {
      forget();
      session.input({ type: 'stdin', exec: id, text: '', end: true });
    },
  };
}

/** How a command ended, as the error stream tells it. Kubernetes: apiserver/pkg/util/proxy/streamtranslator.go. */
function statusOf(exitCode: number, error: string | undefined): object {
  if (error !== undefined) {
    const message = error.startsWith('OCI runtime') ? `error executing command in container: ${error}` : error;
    return {
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: ${message}`,
      reason: 'InternalError',
      details: { causes: [{ message }] },
      code: 500,
    };
  }
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}
