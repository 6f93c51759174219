/** As much of a structural schema as says how large a value may be. */
export interface LimitedSchema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, LimitedSchema>>;
  readonly items?: LimitedSchema;
  readonly additionalProperties?: LimitedSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[];
}

/** The paths of the lists, maps and strings below a schema that may be of any size, each with what it lacks. */
export function unlimitedFields(schema: LimitedSchema, path = ''): readonly string[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    unlimitedFields(field, `${path}.${name}`),
  );
  return [
    ...missingLimits(schema).map((limit) => `${path}: ${limit}`),
    ...properties,
    ...(schema.items === undefined ? [] : unlimitedFields(schema.items, `${path}[]`)),
    ...(schema.additionalProperties === undefined
      ? []
      : unlimitedFields(schema.additionalProperties, `${path}.*`)),
  ];
}

function missingLimits(schema: LimitedSchema): readonly string[] {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return ['anything'];
  if (schema.additionalProperties !== undefined) {
    return [
      ...(schema.maxProperties === undefined ? ['maxProperties'] : []),
      // A structural schema knows no limit for the names in a map.
      ...(hasRuleOnNames(schema) ? [] : ['a rule on its names']),
    ];
  }
  if (schema.items !== undefined) return schema.maxItems === undefined ? ['maxItems'] : [];
  const isText = schema.type === 'string' || schema['x-kubernetes-int-or-string'] === true;
  const isLimited =
    schema.maxLength !== undefined || schema.enum !== undefined || schema.format === 'date-time';
  return isText && !isLimited ? ['maxLength'] : [];
}

function hasRuleOnNames({ 'x-kubernetes-validations': rules = [] }: LimitedSchema): boolean {
  return rules.some(({ rule }) => /^self\.all\((\w+), size\(\1\) <= \d+\)$/.test(rule));
}

/** The paths in a value that are larger than its schema allows. */
export function oversized(value: unknown, schema: LimitedSchema, path = ''): readonly string[] {
  const over = (size: number, limit: number | undefined): readonly string[] =>
    size > (limit ?? Infinity) ? [`${path}: ${size}, at most ${limit}`] : [];
  if (typeof value === 'string') return over(value.length, schema.maxLength);
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return [
      ...over(value.length, schema.maxItems),
      ...value.flatMap((item: unknown, index) => oversized(item, items, `${path}[${index}]`)),
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  return [
    ...over(Object.keys(value).length, schema.maxProperties),
    ...Object.entries(value).flatMap(([name, field]) =>
      oversized(
        field,
        schema.properties?.[name] ?? schema.additionalProperties ?? {},
        `${path}.${name}`,
      ),
    ),
  ];
}
