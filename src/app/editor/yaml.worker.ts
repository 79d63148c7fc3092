// A file of its own: in dev mode a worker from inside a dependency cannot be started.
import 'monaco-yaml/yaml.worker.js';
