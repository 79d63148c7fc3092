import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { validateIngressClass, validateIngressClassUpdate } from '../validation/ingress.ts';

/** Annotation of the class that Ingresses without one get. */
export const defaultClassAnnotation = 'ingressclass.kubernetes.io/is-default-class';

/** IngressClass. Kubernetes: pkg/registry/networking/ingressclass. */
export const ingressClass = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  key: 'ingressclasses.networking.k8s.io',
  model: 'V1IngressClass',
  namespaced: false,
  generation: true,
  defaults(object) {
    const spec = object.spec ?? {};
    const { parameters } = spec;
    object.spec = parameters
      ? filled(spec, { parameters: filled(parameters, { scope: parameters.scope ?? 'Cluster' }) })
      : spec;
  },
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  storedOnly: ['spec.parameters'],
  columns: [
    nameColumn,
    { name: 'Controller', cell: (c) => c.spec?.controller },
    {
      name: 'Parameters',
      cell({ spec }) {
        if (!spec?.parameters) return undefined;
        const { apiGroup, kind, name } = spec.parameters;
        return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
      },
    },
    ageColumn,
  ],
  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'example' },
    spec: { controller: 'k8s.io/ingress-nginx' },
  },
});
