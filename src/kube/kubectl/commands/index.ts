import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { attach } from './attach.ts';
import { auth } from './auth.ts';
import { autoscale } from './autoscale.ts';
import { clusterInfo } from './cluster-info.ts';
import { config } from './config.ts';
import { cordon, uncordon } from './cordon.ts';
import { cp } from './cp.ts';
import { create } from './create.ts';
import { debug } from './debug.ts';
import { deleteCommand } from './delete.ts';
import { describe } from './describe.ts';
import { apiResources, apiVersions, version } from './discovery.ts';
import { diff } from './diff.ts';
import { drain } from './drain.ts';
import { edit } from './edit.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { expose } from './expose.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { annotate, label } from './metadata.ts';
import { patch } from './patch.ts';
import { portForward } from './port-forward.ts';
import { replace } from './replace.ts';
import { rollout } from './rollout.ts';
import { runCommand } from './run.ts';
import { scale } from './scale.ts';
import { set } from './set.ts';
import { taint } from './taint.ts';
import { top } from './top.ts';
import { completion, kuberc, kustomize, plugin, proxy } from './unavailable.ts';
import { wait } from './wait.ts';

/** Every verb. A new one is its file and its line here. */
export const commands: readonly Command[] = [
  annotate,
  apiResources,
  apiVersions,
  apply,
  attach,
  auth,
  autoscale,
  clusterInfo,
  completion,
  config,
  cordon,
  cp,
  create,
  debug,
  deleteCommand,
  describe,
  diff,
  drain,
  edit,
  events,
  exec,
  explain,
  expose,
  get,
  kuberc,
  kustomize,
  label,
  logs,
  patch,
  plugin,
  portForward,
  proxy,
  replace,
  rollout,
  runCommand,
  scale,
  set,
  taint,
  top,
  uncordon,
  version,
  wait,
];
