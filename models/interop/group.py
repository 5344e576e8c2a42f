"""The processes that train together, as torchrun started them; one process alone needs no torchrun."""
import os
import time

import torch
import torch.distributed as dist


class Group:
    """NCCL where there are GPUs, one a process; gloo on CPUs."""

    def __init__(self):
        self.size, self.rank = int(os.environ.get("WORLD_SIZE", 1)), int(os.environ.get("RANK", 0))
        has_gpu = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if has_gpu else torch.device("cpu")
        if has_gpu:
            torch.cuda.set_device(self.device)
        if self.size > 1:
            dist.init_process_group("nccl" if has_gpu else "gloo")

    @property
    def leads(self):
        return self.rank == 0

    def mine(self, items):
        """This process's share of a sequence or tensor: each item is of exactly one process."""
        return items[self.rank :: self.size]

    def whole(self, part, count):
        """The shares of all put together in their order: [share, ..] of `mine` of `count` items -> [count, ..]."""
        if self.size == 1:
            return part
        together = part.new_zeros(count, *part.shape[1:])
        together[self.rank :: self.size] = part
        return self.total(together)

    def total(self, tensor):
        """The sum over the processes, in place."""
        if self.size > 1:
            dist.all_reduce(tensor)
        return tensor

    def wrap(self, module):
        """Averages the gradients of the module's copies."""
        if self.size == 1:
            return module
        devices = [self.device.index] if self.device.type == "cuda" else None
        return torch.nn.parallel.DistributedDataParallel(module, device_ids=devices)

    def close(self):
        """Waits for the others first: the leader holds the store that they still talk to."""
        if self.size > 1:
            dist.barrier()
            # gloo's own thread drops the last tensors now: it needs the interpreter's lock for that, which the
            # destructor below keeps while it waits for the thread (seen with torch 1.13).
            time.sleep(1)
            dist.destroy_process_group()
