export { emptyEtcd } from '../etcd/etcd.ts';
export {
  apiServer,
  apiServerAddress,
  createApi,
  etcdAddress,
  type ApiServerMemory,
  type Extension,
} from './apiserver.ts';
export type * from './request.ts';
export { onlyAsks } from './authorization/reviews.ts';
