import { badRequest } from '../../kube/apimachinery/index.ts';
import type { HttpRequest } from '../../kube/apiserver/http/index.ts';
import { decodeProtobuf, ProtobufError, protobufType } from './protobuf.ts';

/**
 * Headers and body as they read in JSON: what came in Kubernetes' protobuf encoding is translated, so that nothing behind
 * knows of it. Answers are JSON, which every client that sends protobuf accepts too.
 */
export function spoken(headers: HttpRequest['headers'], body: Buffer): Pick<HttpRequest, 'headers' | 'body'> {
  if (body.length === 0 || !headers['content-type']?.startsWith(protobufType))
    return { headers, body: body.toString('utf8') };
  try {
    const json = JSON.stringify(decodeProtobuf(body));
    return { headers: { ...headers, 'content-type': 'application/json' }, body: json };
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    throw badRequest(`the object provided is unrecognized: ${error.message}`);
  }
}
