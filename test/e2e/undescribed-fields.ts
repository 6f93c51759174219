interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

export interface CustomResourceDefinition {
  readonly spec: {
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

/** Lists the paths of the fields that a CRD does not describe, without `metadata`, which it may not describe. */
export function undescribedFields(crd: CustomResourceDefinition): readonly string[] {
  return crd.spec.versions.flatMap(({ schema }) => {
    const { metadata: _known, ...properties } = schema.openAPIV3Schema.properties ?? {};
    return fieldsWithout({ properties }, '');
  });
}

function fieldsWithout(schema: Schema, path: string): readonly string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${path}.${name}`;
    const isDescribed = (field.description ?? '').trim() !== '';
    return [...(isDescribed ? [] : [at]), ...fieldsWithout(field, at)];
  });
  const inner = [schema.items, schema.additionalProperties].flatMap((each) =>
    each === undefined ? [] : fieldsWithout(each, `${path}[]`),
  );
  return [...own, ...inner];
}
