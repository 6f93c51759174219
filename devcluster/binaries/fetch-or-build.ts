import { messageOf } from '../message-of.ts';
import type { Progress } from '../progress.ts';
import { buildTool } from './build-tool.ts';
import { downloadTool } from './download-tool.ts';
import type { ReleaseSource } from './download-tool.ts';
import { hasGo } from './has-go.ts';
import { Unreachable } from './release-downloads.ts';
import type { Platform, Tool } from './tool.ts';

export interface Sources extends ReleaseSource {
  readonly platform: Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

/** @returns path of the executable, in the draft folder */
export type FetchOrBuild = (tool: Tool, draft: string, label: string) => Promise<string>;

/**
 * Downloads a tool, or builds it if that fails. Once there turns out to be no network, the function builds at once: it
 * waits for the time-out of a connection only once.
 */
export function fetchOrBuild(sources: Sources): FetchOrBuild {
  let offline: string | undefined;
  return async (tool, draft, label) => {
    const downloaded =
      offline === undefined
        ? await download(tool, draft, label, sources)
        : ({ kind: 'failed', reason: offline, unreachable: true } as const);
    if (downloaded.kind === 'program') return downloaded.path;
    if (downloaded.unreachable) offline = downloaded.reason;
    if (!(await hasGo(sources.env))) throw new Error(noWayToGet(tool, downloaded.reason));
    return await build(tool, draft, label, sources);
  };
}

type Download =
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly unreachable: boolean };

async function download(
  tool: Tool,
  draft: string,
  label: string,
  { platform, progress, ...source }: Sources,
): Promise<Download> {
  const activity = progress.start(`${label} downloading ${tool.name} ${tool.version}`);
  try {
    const path = await downloadTool(tool, platform, draft, source, activity);
    activity.end();
    return { kind: 'program', path };
  } catch (err) {
    const reason = messageOf(err);
    activity.end(`not possible: ${reason}`);
    return { kind: 'failed', reason, unreachable: err instanceof Unreachable };
  }
}

async function build(
  tool: Tool,
  draft: string,
  label: string,
  { env, progress }: Sources,
): Promise<string> {
  const activity = progress.start(`${label} building ${tool.name} ${tool.version} with Go`);
  try {
    const program = await buildTool(tool, draft, env);
    activity.end();
    return program;
  } catch (err) {
    activity.end('failed');
    throw err;
  }
}

function noWayToGet(tool: Tool, reason: string): string {
  const [own] = tool.environment;
  return [
    `${tool.name} ${tool.version} is not on this machine, cannot be downloaded (${reason}),`,
    'and cannot be built, because there is no Go. Do one of these:',
    'connect to the internet; install Go (https://go.dev/dl);',
    `or set ${own?.variable ?? 'PATH'} to where the program is.`,
  ].join(' ');
}
