/** What a repository holds, as the hub lists it: sizes and hashes before anything is downloaded. */
import { HubApiError, listFiles } from '@huggingface/hub';
import { Fault } from '../../faults';

export interface Hub {
  /** "https://huggingface.co", or a mirror of it. */
  address: string;
  /** Kept in memory only. */
  token?: string | undefined;
}

export interface ListedFile {
  /** Inside the repository: "onnx/vision_model.onnx". */
  path: string;
  bytes: number;
  /** Undefined where a mirror tells none: then only the length can be checked. */
  hash: FileHash | undefined;
}

/** Large files are stored by their SHA-256; small ones lie in git under the SHA-1 of a git blob. */
export interface FileHash {
  kind: 'sha256' | 'git';
  hex: string;
}

/** @throws Fault download */
export async function listRepository(
  { address, token }: Hub,
  repository: string,
  revision: string,
): Promise<ListedFile[]> {
  const listed: ListedFile[] = [];
  try {
    const files = listFiles({
      repo: repository,
      revision,
      recursive: true,
      hubUrl: address,
      ...(token ? { accessToken: token } : {}),
    });
    for await (const { type, path, size, oid, lfs } of files) {
      if (type !== 'file') continue;
      listed.push({ path, bytes: lfs?.size ?? size, hash: hashOf(oid, lfs?.oid) });
    }
  } catch (error) {
    throw new Fault({
      kind: 'download',
      file: repository,
      status: error instanceof HubApiError ? error.statusCode : 0,
      message: error instanceof Error ? error.message : String(error),
    });
  }
  return listed;
}

function hashOf(git: string | undefined, sha256: string | undefined): FileHash | undefined {
  if (sha256) return { kind: 'sha256', hex: sha256 };
  return git ? { kind: 'git', hex: git } : undefined;
}

/** The address of a file's bytes. */
export const resolveUrl = (hub: Hub, repository: string, revision: string, path: string): string =>
  `${hub.address}/${repository}/resolve/${encodeURIComponent(revision)}/${path}`;
