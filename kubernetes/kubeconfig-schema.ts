import { z } from 'zod';

/** Some tools write what is not there as an empty string. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

/** What we read of a kubeconfig file; kubectl writes an empty list as null. */
export const kubeconfigSchema = z.object({
  'current-context': text,
  contexts: z
    .array(
      z.object({
        name: z.string(),
        context: z.object({ cluster: z.string(), user: z.string(), namespace: text }),
      }),
    )
    .nullish(),
  clusters: z
    .array(
      z.object({
        name: z.string(),
        cluster: z.object({
          server: z.url({ protocol: /^https?$/ }),
          'certificate-authority': text,
          'certificate-authority-data': text,
          'insecure-skip-tls-verify': z.boolean().optional(),
          'tls-server-name': text,
          'proxy-url': text,
        }),
      }),
    )
    .nullish(),
  users: z
    .array(
      z.object({
        name: z.string(),
        user: z.preprocess(
          (user) => user ?? {},
          z.object({
            token: text,
            tokenFile: text,
            'client-certificate': text,
            'client-certificate-data': text,
            'client-key': text,
            'client-key-data': text,
            username: text,
            password: text,
            as: text,
            'as-groups': z.array(z.string()).optional(),
            'as-uid': text,
            'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
            exec: z.looseObject({ command: z.string() }).optional(),
            'auth-provider': z.looseObject({ name: z.string() }).optional(),
          }),
        ),
      }),
    )
    .nullish(),
});

type Parsed = z.infer<typeof kubeconfigSchema>;

export type ParsedUser = NonNullable<Parsed['users']>[number]['user'];
