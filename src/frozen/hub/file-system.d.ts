/** Renames within its folder, replacing a file of that name: fs.spec.whatwg.org/#issue-37; not in lib.dom yet. */
interface FileSystemFileHandle {
  move(name: string): Promise<void>;
}
