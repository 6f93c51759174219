import { z } from 'zod';

import type { ConfigurationSection } from './configuration-sections.ts';
import { markdownTable } from './markdown-table.ts';

const INTRODUCTION = `# Configuration

Made from the code; \`UPDATE_GOLDENS=1\` with \`test/docs/configuration.test.ts\` makes it again.

Processes read their environment once, at start. An empty variable counts as not set. A
process with bad settings ends with one message that lists all of them.

They find Temporal as every Temporal tool does: \`TEMPORAL_ADDRESS\`, \`TEMPORAL_NAMESPACE\`, \`TEMPORAL_API_KEY\`,
\`TEMPORAL_TLS_*\` or a profile of \`temporal.toml\` ([Temporal in production](temporal.md)). They find Kubernetes
as kubectl does: \`KUBECONFIG\`, the account of the pod, \`~/.kube/config\`.`;

/** A setting of the command line: the option, and the variable that it stands in for. */
export interface OptionVariable {
  readonly option: string;
  readonly variable: string;
  readonly description: string;
}

/**
 * Renders the reference of all settings as Markdown, from the schemas that read them.
 *
 * @throws {Error} for a setting without a description
 */
export function configurationReference(
  sections: readonly ConfigurationSection[],
  options: readonly OptionVariable[],
): string {
  return [INTRODUCTION, ...sections.map(sectionText), commandLine(options)].join('\n\n');
}

function sectionText({ title, introduction, schema, noun }: ConfigurationSection): string {
  // The input of the schemas, except for the file's: its keys are strings or numbers, and the output says more of them.
  const io = noun === 'variable' ? 'input' : 'output';
  const settings = settingsOf(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const head = [noun, 'value', 'default', 'what it does'];
  const rows = settings.map(({ name, required, schema: setting }) => [
    `\`${name}\``,
    valueOf(setting),
    defaultOf(setting, required),
    descriptionOf(name, setting),
  ]);
  return `## ${title}\n\n${introduction}\n\n${markdownTable(head, rows)}`;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

interface Setting {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** Lists the leaves of an object, by their dotted paths. */
function settingsOf(object: JsonSchema, prefix = ''): Setting[] {
  return Object.entries(object.properties ?? {}).flatMap(([key, value]) => {
    if (typeof value === 'boolean') return [];
    const name = prefix + key;
    if (value.properties !== undefined) return settingsOf(value, `${name}.`);
    return [{ name, required: object.required?.includes(key) ?? false, schema: value }];
  });
}

function valueOf(schema: JsonSchema): string {
  const { title, type, minimum, maximum, format } = schema;
  if (title !== undefined) return title;
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (type === 'integer') return `${minimum} to ${maximum}`;
  if (format === 'uri') return 'URL';
  return type === undefined ? 'any' : 'text';
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  const { default: preset } = schema;
  if (typeof preset === 'number' || (typeof preset === 'string' && preset !== '')) {
    return `\`${preset}\``;
  }
  return required ? '**required**' : 'none';
}

function descriptionOf(name: string, { description }: JsonSchema): string {
  if (description !== undefined) return description;
  throw new Error(`${name} has no description: add .describe('...') where its schema is`);
}

function commandLine(options: readonly OptionVariable[]): string {
  const rows = options.map(({ option, variable, description }) => [
    `\`${variable}\``,
    `\`${option}\``,
    description,
  ]);
  return `## The command line

\`seinode\` reads the variables above that concern it. An option wins over its variable. \`NO_COLOR\` turns colours off.

${markdownTable(['variable', 'option', 'what it is'], rows)}
`;
}
