/** What stands behind the number in the first line of an answer; '' for one that is not usual. RFC 9110. */
export const reasonPhrase = (status: number): string => phrases[status] ?? '';

const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The `Content-Type` of a body of which nobody has said what it is: seen from how it begins. */
export const seenType = (body: string): string =>
  /^\s*<(!doctype|html)/i.test(body) ? 'text/html' : 'text/plain; charset=utf-8';
