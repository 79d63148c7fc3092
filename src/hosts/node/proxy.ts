import type { IncomingMessage, ServerResponse } from 'node:http';
import type { V1EndpointSlice, V1Service } from '../../generated/types.ts';
import { ApiError, badRequest, failure } from '../../kube/apimachinery/index.ts';
import type { ProxyCall } from '../../kube/apiserver/http/index.ts';
import type { ApiRequest, KubeObject } from '../../protocol/index.ts';
import { send, sendJson } from './answers.ts';
import { dialKubelet, podOf, type Access } from './cluster-access.ts';
import { answeredHeaders, answeredStatus, dial, mostCarried, passedHeaders } from './dial.ts';

/** Where a request is passed on to. */
interface Target {
  readonly ip: string;
  readonly port: number;
}

const unavailable = (message: string): ApiError => failure(503, 'ServiceUnavailable', message);

/**
 * Passes a request on to a pod, to an endpoint of a Service, or to a kubelet. Throws ApiError.
 * Kubernetes: pkg/registry/core/pod/rest/subresources.go, apimachinery/pkg/util/proxy. Simplified: links in
 * HTML are found by their attributes, not by parsing.
 */
export async function serveProxy(
  access: Access,
  call: ProxyCall,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET' } = request;
  if (body.length > mostCarried)
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${mostCarried}`);
  if (call.resource === 'nodes') return serveKubelet(access, call, request, response);
  const target = call.resource === 'pods' ? podTarget(access, call) : serviceTarget(access, call);
  const [prefix = ''] = (request.url ?? '').split('?');
  const base = call.bare ? prefix : prefix.slice(0, prefix.length - call.path.split('?')[0]!.length);
  if (call.bare && (method === 'GET' || method === 'HEAD')) {
    const query = request.url!.includes('?') ? request.url!.slice(request.url!.indexOf('?')) : '';
    response.writeHead(301, { Location: `${prefix}/${query}` }).end();
    return;
  }
  const host = `${target.ip}:${target.port}`;
  const headers = {
    ...passedHeaders(request.headers),
    Host: request.headers.host ?? host,
    'X-Forwarded-Uri': prefix,
    'X-Forwarded-Host': request.headers.host ?? '',
    'X-Forwarded-Proto': 'http',
  };
  const told = await dial(access, {
    to: target.ip,
    port: target.port,
    protocol: 'http',
    method,
    path: call.path,
    headers,
    ...(body && { body }),
  });
  if (told.status === 0) throw unavailable(`error trying to reach service: dial tcp ${host}: ${told.error}`);
  const given = answeredHeaders(told);
  const location = given['Location'];
  if (location?.startsWith('/')) given['Location'] = `${base}${location}`;
  const html = given['Content-Type']?.startsWith('text/html') || /^\s*<[a-z!]/i.test(told.body);
  const text = html
    ? told.body.replace(links, (_, before: string, path: string) => `${before}${base}${path}`)
    : told.body;
  if (html)
    Object.assign(given, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(text)),
    });
  response.sendDate = false;
  response.writeHead(answeredStatus(told), given);
  response.end(method === 'HEAD' ? undefined : Buffer.from(text));
}

/** Attributes that hold an address, where it is one of this server. Kubernetes: apimachinery/pkg/util/proxy atomsToAttrs. */
const links =
  /(\s(?:href|src|action|cite|data|poster|background|formaction|codebase|longdesc|usemap|icon)=["'])(\/(?!\/)[^"']*)/g;

/** `name`, `name:port`, `scheme:name:port`. Kubernetes: apimachinery/pkg/util/net SplitSchemeNamePort. */
function split({ name: id, resource }: ProxyCall): { readonly name: string; readonly port: string } {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid ${resource === 'pods' ? 'pod' : 'service'} request ${JSON.stringify(id)}`);
  return { name, port };
}

/** Kubernetes: pkg/registry/core/pod/strategy.go ResourceLocation. */
function podTarget(access: Access, call: ProxyCall): Target {
  const { name, port } = split(call);
  const pod = podOf(access, call.namespace, name);
  const declared = pod.spec?.containers.find(({ ports }) => ports?.length)?.ports?.[0]?.containerPort;
  const ip = pod.status?.podIP;
  if (!ip) throw badRequest('address not allowed');
  const number = port === '' ? (declared ?? 80) : Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw unavailable(`error trying to reach service: dial tcp: lookup tcp/${port}: unknown port`);
  return { ip, port: number };
}

/** An endpoint of a Service that is ready. Kubernetes: pkg/registry/core/service/storage ResourceLocation. */
function serviceTarget(access: Access, call: ProxyCall): Target {
  const { name, port } = split(call);
  const { namespace } = call;
  const service = asked(access, { verb: 'get', resource: 'services', namespace, name }) as unknown as V1Service;
  const ports = service.spec?.ports ?? [];
  const numbered = /^\d+$/.test(port);
  const chosen = numbered ? ports.find((each) => each.port === Number(port)) : undefined;
  if (numbered && !chosen) throw unavailable(`no service port ${port} found for service "${name}"`);
  const portName = chosen ? (chosen.name ?? '') : port;
  const list = asked(access, {
    verb: 'list',
    resource: 'endpointslices.discovery.k8s.io',
    namespace,
    options: { labelSelector: `kubernetes.io/service-name=${name}` },
  }) as unknown as { readonly items: readonly V1EndpointSlice[] };
  const ready = list.items.flatMap(({ endpoints, ports: slicePorts }) => {
    const number = slicePorts?.find((each) => (each.name ?? '') === portName)?.port;
    if (number === undefined) return [];
    return (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .map(({ addresses }) => ({ ip: addresses[0]!, port: number }));
  });
  if (ready.length === 0) throw unavailable(`no endpoints available for service "${name}"`);
  return ready[access.session.injected % ready.length]!;
}

function asked({ session }: Access, request: ApiRequest): KubeObject {
  const { code, body } = session.request(request);
  if (code !== 200) throw new ApiError(body as ApiError['status']);
  return body as KubeObject;
}

/** What a kubelet answers itself. Simplified: its health and its pods only. */
function serveKubelet(access: Access, call: ProxyCall, request: IncomingMessage, response: ServerResponse): void {
  const [name = ''] = call.name.split(':');
  const [path = ''] = call.path.split('?');
  asked(access, { verb: 'get', resource: 'nodes', name });
  dialKubelet(access, name, path);
  if (path === '/healthz') return send(request, response, 200, 'ok');
  if (path !== '/pods' && path !== '/pods/') return send(request, response, 404, '404 page not found\n');
  const pods = asked(access, { verb: 'list', resource: 'pods', options: { fieldSelector: `spec.nodeName=${name}` } });
  sendJson(request, response, 200, pods);
}
