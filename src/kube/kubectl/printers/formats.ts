import { JsonPathError, evaluate, renderJsonPath } from '../../apimachinery/jsonpath.ts';
import type { Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { renderGoTemplate, TemplateError } from './go-template.ts';
import { toKyaml } from './kyaml.ts';
import { forPrinting } from './managed-fields.ts';
import { toJson, toYaml } from './yaml.ts';

/** Formats of every command that prints objects. */
export const objectFormats =
  'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml';

/** Output of an object or list in a format; undefined for one that this does not know (`name`, `wide`, columns). */
export function inFormat(run: Invocation, output: string, subject: unknown): string | undefined {
  const equals = output.indexOf('=');
  const format = equals < 0 ? output : output.slice(0, equals);
  const text = equals < 0 ? (run.flag('template') ?? '') : output.slice(equals + 1);
  switch (format) {
    case 'yaml':
      return toYaml(forPrinting(run, subject));
    case 'json':
      return toJson(forPrinting(run, subject));
    case 'kyaml':
      return toKyaml(forPrinting(run, subject));
    case 'jsonpath':
      return byPath(format, text, (path) => renderJsonPath(path, subject));
    case 'jsonpath-file':
      return byPath(format, fileText(run, text), (path) => renderJsonPath(path, subject));
    case 'jsonpath-as-json':
      return byPath(format, text, (path) => `${JSON.stringify(evaluate(bare(path), subject), null, 4)}\n`);
    case 'go-template':
    case 'template':
      return byTemplate(format, text, subject);
    case 'go-template-file':
    case 'templatefile':
      return byTemplate(format, fileText(run, text), subject);
    default:
      return undefined;
  }
}

const bare = (path: string): string => path.replace(/^\{(.*)\}$/s, '$1');

function fileText({ files }: Invocation, path: string): string {
  if (!Object.hasOwn(files, path))
    throw new UsageError(`error: error reading template ${path}, open ${path}: no such file or directory\n`);
  return files[path]!;
}

function byPath(format: string, path: string, render: (path: string) => string): string {
  if (path === '') throw new UsageError(`error: template format specified but no template given`);
  try {
    return render(path);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new UsageError(
      error.message.replace(/^error: error parsing jsonpath,/, `error: error parsing ${format} ${path},`),
    );
  }
}

function byTemplate(format: string, template: string, subject: unknown): string {
  if (template === '') throw new UsageError(`error: template format specified but no template given`);
  try {
    return renderGoTemplate(template, subject);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new UsageError(`error: error parsing template ${template}, template: output:1: ${error.message}`);
  }
}
