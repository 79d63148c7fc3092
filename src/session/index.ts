export { createFrames, type FrameSource, type Playback } from './frames.ts';
export { logsOf, type LogQuery } from './logs.ts';
export { readSavedRun } from './saved.ts';
export { createSession, type Grain, type Search, type Session } from './session.ts';
export { engineVersion } from '../protocol/version.ts';
export { imageInfo } from '../kube/cluster.ts';
export { chainOf, newestDeedOf } from './why.ts';
export { matrixOf } from './matrix.ts';
export { preview } from './preview.ts';
