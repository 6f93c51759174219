/** The part of a structural schema that the reference shows. */
export interface FieldSchema {
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly {
    readonly message: string;
    /** The path at which the message is shown, below the field that has the rule. */
    readonly fieldPath?: string;
  }[];
}

/** One line of the reference. */
export interface Field {
  /** From the root, such as `spec.peers[].static`. */
  readonly path: string;
  readonly schema: FieldSchema;
  readonly type: string;
  /** The default that the API server fills in; or a note that the field is required. */
  readonly preset: string;
  readonly description: string;
}

/** Lists all fields below a schema, each before those below it. */
export function fieldsOf(schema: FieldSchema, path: string): readonly Field[] {
  const own = Object.entries(schema.properties ?? {}).map(([name, below]) => ({
    at: `${path}.${name}`,
    below,
    isRequired: schema.required?.includes(name) ?? false,
  }));
  return [
    ...own.flatMap(({ at, below, isRequired }) => [
      fieldOf(at, below, isRequired),
      ...fieldsOf(below, at),
    ]),
    ...(schema.items === undefined ? [] : fieldsOf(schema.items, `${path}[]`)),
    ...(schema.additionalProperties === undefined
      ? []
      : fieldsOf(schema.additionalProperties, `${path}.*`)),
  ];
}

function fieldOf(path: string, schema: FieldSchema, isRequired: boolean): Field {
  const preset = schema.default === undefined ? '' : `\`${schema.default}\``;
  return {
    path,
    schema,
    type: [typeOf(schema), ...boundsOf(schema)].join(', '),
    preset: isRequired ? '**required**' : preset,
    description: schema.description ?? '',
  };
}

function typeOf(schema: FieldSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'quantity';
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}s`;
  if (schema.additionalProperties !== undefined) {
    return `map of ${typeOf(schema.additionalProperties)}s`.replace('quantitys', 'quantities');
  }
  return schema.format === 'date-time' ? 'time' : (schema.type ?? 'any');
}

function boundsOf(schema: FieldSchema): readonly string[] {
  return [
    range(schema.minimum, schema.maximum),
    range(schema.minLength, schema.maxLength, 'characters'),
    range(schema.minItems, schema.maxItems, 'entries'),
    range(schema.minProperties, schema.maxProperties, 'entries'),
  ].flatMap((text) => text ?? []);
}

function range(from?: number, to?: number, things?: 'characters' | 'entries'): string | undefined {
  const of = (count: number): string => {
    if (things === undefined) return `${count}`;
    return `${count} ${count === 1 ? ONE[things] : things}`;
  };
  if (from === undefined) return to === undefined ? undefined : `at most ${of(to)}`;
  return to === undefined ? `at least ${of(from)}` : `${from} to ${of(to)}`;
}

const ONE = { characters: 'character', entries: 'entry' } as const;
