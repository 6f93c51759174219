import type { FieldSchema } from './crd-fields.ts';
import { fieldsOf } from './crd-fields.ts';
import { markdownTable } from './markdown-table.ts';

/** The part of a CustomResourceDefinition that its reference shows. */
export interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly shortNames: readonly string[] };
    readonly versions: readonly CrdVersion[];
  };
}

interface CrdVersion {
  readonly name: string;
  readonly additionalPrinterColumns: readonly {
    readonly name: string;
    readonly description?: string;
    /** Above 0: shown with `-o wide` only. */
    readonly priority?: number;
  }[];
  readonly schema: { readonly openAPIV3Schema: FieldSchema };
}

const INTRODUCTION = `Made from \`deploy/crd\`; \`UPDATE_GOLDENS=1\` with \`test/docs/crd.test.ts\` makes it again. \`kubectl explain\` shows
the same for the installed CRD. \`[]\` is an entry of a list, \`*\` any name in a map.`;

/** Renders the reference of a CRD as Markdown: columns, then fields and rules of spec and status. */
export function crdReference({ spec }: CustomResourceDefinition): string {
  const { group, names, versions } = spec;
  return versions
    .map((version) => {
      const schema = version.schema.openAPIV3Schema;
      return [
        `# ${names.kind}`,
        `\`${group}/${version.name}\`, short name ${names.shortNames.map((name) => `\`${name}\``).join(', ')}. ${schema.description}`,
        INTRODUCTION,
        ...rulesText('## Rules of the whole object', { '': { ...schema, properties: {} } }),
        '## Columns of `kubectl get`',
        columnsTable(version),
        ...partText('spec', schema),
        ...partText('status', schema),
      ].join('\n\n');
    })
    .join('\n\n')
    .concat('\n');
}

function columnsTable({ additionalPrinterColumns }: CrdVersion): string {
  const rows = additionalPrinterColumns.map(
    ({ name, description = 'How old it is.', priority }) => [
      name.toUpperCase(),
      (priority ?? 0) > 0 ? `With \`-o wide\`: ${description}` : description,
    ],
  );
  return markdownTable(['column', 'what it shows'], rows);
}

function partText(name: 'spec' | 'status', whole: FieldSchema): readonly string[] {
  const part = whole.properties?.[name];
  if (part === undefined) throw new Error(`the CRD has no ${name}`);
  const rows = fieldsOf(part, name).map((field) => [
    `\`${field.path}\``,
    field.type,
    field.preset,
    field.description,
  ]);
  return [
    `## ${name}`,
    part.description ?? '',
    markdownTable(['field', 'type', 'default', 'what it is'], rows),
    ...rulesText(`### Rules of ${name}`, { [name]: part }),
  ];
}

function rulesText(title: string, roots: Readonly<Record<string, FieldSchema>>): readonly string[] {
  const rules = Object.entries(roots).flatMap(([path, root]) => rulesOf(root, path));
  return rules.length === 0 ? [] : [title, rules.map((rule) => `- ${rule}`).join('\n')];
}

/** Lists the rules of the API server, in the words of its refusals. */
function rulesOf(schema: FieldSchema, path: string): readonly string[] {
  const { pattern, properties = {}, items, additionalProperties } = schema;
  const below = [
    ...Object.entries(properties).map(([name, each]) => [`${path}.${name}`, each] as const),
    ...(items === undefined ? [] : [[`${path}[]`, items] as const]),
    ...(additionalProperties === undefined ? [] : [[`${path}.*`, additionalProperties] as const]),
  ];
  return [
    ...(pattern === undefined ? [] : [`\`${path}\`: must match \`${pattern}\``]),
    ...(schema['x-kubernetes-validations'] ?? []).map(({ message, fieldPath = '' }) => {
      // The root has no path of its own.
      const where = path === '' ? fieldPath.slice(1) : path + fieldPath;
      return where === '' ? message : `\`${where}\`: ${message}`;
    }),
    ...below.flatMap(([at, each]) => rulesOf(each, at)),
  ];
}
