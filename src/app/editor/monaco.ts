import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/languages/definitions/yaml/register';
import './features.ts';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import { configureMonacoYaml, type MonacoYamlOptions } from 'monaco-yaml';
import schemaUrl from '../../generated/schema.json?url';
import YamlWorker from './yaml.worker.ts?worker';

export { monaco };

let ready: Promise<typeof monaco> | null = null;

/**
 * Sets Monaco up once: workers of the page's own, YAML with the Kubernetes schema. Memoised, because StrictMode
 * mounts twice and a second set-up would double every completion.
 */
export function loadMonaco(): Promise<typeof monaco> {
  ready ??= setUp();
  return ready;
}

/** What `createWebWorker` is given by monaco-worker-manager, which knows the interface from before 0.53. */
interface OldWorkerOptions {
  readonly createData?: unknown;
}

async function setUp(): Promise<typeof monaco> {
  globalThis.MonacoEnvironment = {
    getWorker: (_id, label) => (label === 'yaml' ? new YamlWorker() : new EditorWorker()),
  };
  const forYaml = {
    ...monaco,
    editor: {
      ...monaco.editor,
      createWebWorker(options: OldWorkerOptions) {
        const worker = new YamlWorker();
        worker.postMessage('ignore');
        worker.postMessage(options.createData);
        return monaco.editor.createWebWorker({ keepIdleModels: false, worker: Promise.resolve(worker) } as never);
      },
    },
  };
  const schema = (await (await fetch(schemaUrl)).json()) as object;
  configureMonacoYaml(
    forYaml as never,
    {
      enableSchemaRequest: false,
      yamlVersion: '1.1',
      format: { enable: true },
      hover: true,
      completion: true,
      validate: true,
      schemas: [{ uri: 'kubarium://schema/kubernetes.json', fileMatch: ['**/*.yaml'], schema }],
    } as MonacoYamlOptions,
  );
  return monaco;
}
