export { apiServer, apiServerAddress, createApi, etcdAddress, freshEtcd, type ApiServerMemory } from './apiserver.ts';
export type * from './request.ts';
