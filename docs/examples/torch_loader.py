"""The rows of a training dataset for PyTorch's DataLoader; see loader.py."""

import torch
from loader import batches


class Rows(torch.utils.data.IterableDataset):
    """Single rows as tuples of tensors; each worker of a DataLoader reads a share. Call set_epoch before each epoch."""

    def __init__(self, uri, query, seed):
        self.uri, self.query, self.seed, self.epoch = uri, query, seed, 0

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        shard, shards = (worker.id, worker.num_workers) if worker else (0, 1)
        for batch in batches(self.uri, self.query, shard, shards, self.seed, self.epoch):
            columns = [torch.from_numpy(column.to_numpy(zero_copy_only=False).copy()) for column in batch.columns]
            yield from zip(*columns)


def epoch_of_torch(uri, query, workers, seed, epoch):
    """The ids that a DataLoader gives, in order."""
    dataset = Rows(uri, query, seed)
    dataset.set_epoch(epoch)
    context = "spawn" if workers else None
    loader = torch.utils.data.DataLoader(dataset, batch_size=256, num_workers=workers, multiprocessing_context=context)
    return [int(i) for ids, _, _ in loader for i in ids]
