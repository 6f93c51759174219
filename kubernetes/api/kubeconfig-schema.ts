import { z } from 'zod';

/** Some tools write an absent value as an empty string. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

function hasUserInfo(url: string): boolean {
  return URL.canParse(url) && new URL(url).username + new URL(url).password !== '';
}

/** Refuses a value that is no URL, because a later error about it would show it, with its password. */
function isProxyUrl(url: string | undefined): boolean {
  return url === undefined || URL.canParse(url);
}

/** The fields of a kubeconfig file that we read; kubectl writes an empty list as null. */
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
          server: z
            .url({ protocol: /^https?$/ })
            // Messages and logs name it.
            .refine((server) => !hasUserInfo(server), 'a user and password belong to the user'),
          'certificate-authority': text,
          'certificate-authority-data': text,
          'insecure-skip-tls-verify': z.boolean().optional(),
          'tls-server-name': text,
          'proxy-url': text.refine(isProxyUrl, 'must be the URL of a proxy'),
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
            exec: z
              .object({
                command: z.string(),
                args: z.array(z.string()).nullish(),
                env: z.array(z.object({ name: z.string(), value: z.string().nullish() })).nullish(),
              })
              .optional(),
            'auth-provider': z
              .object({ name: z.string(), config: z.object({ 'id-token': text }).nullish() })
              .optional(),
          }),
        ),
      }),
    )
    .nullish(),
});

type Parsed = z.infer<typeof kubeconfigSchema>;

export type ParsedUser = NonNullable<Parsed['users']>[number]['user'];
