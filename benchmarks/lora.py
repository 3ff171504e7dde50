"""Fine-tuning of a small encoder by LoRA: AdamW's rates against solved ones; what benchmarks/lora.sh runs.

A BERT-like encoder of characters learns masked characters of Python's documentation (pydoc's topics), then which document of
/usr/share/common-licenses a passage comes from: its weights frozen, with LoRA adapters A and B at the queries and values, and a new head.
Runs of one seed differ by the optimizer alone and cost the same gradient passes, as in docs/experiments.md.
"""

import argparse
import copy
import json
import pathlib
import random
import sys

import torch
from torch import nn

LETTERS = "\0 abcdefghijklmnopqrstuvwxyz0123456789.,:;-'\"()/<>=_"
MASK, OTHER = 0, len(LETTERS)
LENGTH, WIDTH, HEADS, LAYERS, RANK, SCALE = 48, 64, 4, 2, 4, 2.0
LICENSES = ["Apache-2.0", "Artistic", "CC0-1.0", "GFDL-1.3", "GPL-3", "LGPL-2.1", "MPL-1.1", "MPL-2.0"]
RATES = ["3e-4", "1e-3", "3e-3", "1e-2", "3e-2", "1e-1"]


class Adapted(nn.Module):
    """W x + b + s B A x with W and b frozen; B is 0 at first."""

    def __init__(self, dense):
        super().__init__()
        self.dense = dense
        self.lora_A = nn.Linear(dense.in_features, RANK, bias=False)
        self.lora_B = nn.Linear(RANK, dense.out_features, bias=False)
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x):
        return self.dense(x) + SCALE * self.lora_B(self.lora_A(x))


class Layer(nn.Module):
    """A layer of BERT: norms behind attention and behind the dense layers."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, x):
        q, k, v = (f(x).reshape(-1, LENGTH, HEADS, WIDTH // HEADS).transpose(1, 2) for f in (self.query, self.key, self.value))
        weights = torch.softmax(q @ k.transpose(2, 3) / (WIDTH // HEADS) ** 0.5, dim=-1)
        x = self.norm1(x + self.out((weights @ v).transpose(1, 2).reshape(-1, LENGTH, WIDTH)))
        return self.norm2(x + self.down(nn.functional.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = nn.Embedding(OTHER + 1, WIDTH)
        self.places = nn.Parameter(0.02 * torch.randn(LENGTH, WIDTH))
        nn.init.normal_(self.letters.weight, std=0.02)
        self.norm = nn.LayerNorm(WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, x):
        x = self.norm(self.letters(x) + self.places)
        for layer in self.layers:
            x = layer(x)
        return x


class Classifier(nn.Module):
    """The frozen encoder with adapters, the mean over the places, and a head of its own."""

    def __init__(self, encoder, classes):
        super().__init__()
        encoder.requires_grad_(False)
        for layer in encoder.layers:
            layer.query, layer.value = Adapted(layer.query), Adapted(layer.value)
        self.encoder, self.head = encoder, nn.Linear(WIDTH, classes)

    def forward(self, x):
        return self.head(self.encoder(x).mean(dim=1))


def characters(text):
    """Indices of characters; runs of white space are one space."""
    known = {letter: i for i, letter in enumerate(LETTERS)}
    return torch.tensor([known.get(letter, OTHER) for letter in " ".join(text.lower().split())])


def pretrained(steps, seed):
    """The encoder after steps of guessing a masked seventh of the characters, AdamW with a rate that rises to 3e-3 and falls."""
    from pydoc_data import topics

    text = characters(" ".join(topics.topics[name] for name in sorted(topics.topics)))
    torch.manual_seed(seed)
    encoder, head = Encoder(), nn.Linear(WIDTH, OTHER + 1)
    optimizer = torch.optim.AdamW([*encoder.parameters(), *head.parameters()], lr=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for step in range(steps):
        starts = torch.randint(len(text) - LENGTH, (64,)).tolist()
        rows = torch.stack([text[start : start + LENGTH] for start in starts])
        masked = torch.rand(rows.shape) < 0.15
        logits = head(encoder(rows.masked_fill(masked, MASK)))
        loss = nn.functional.cross_entropy(logits[masked], rows[masked])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            print("pretraining step %d: loss %.3f" % (step, loss.item()), file=sys.stderr, flush=True)
    return encoder


def passages(texts):
    """Rows and classes of documents, in training and test: every fifth stretch of eight passages is for the test."""
    parts = {True: ([], []), False: ([], [])}
    for label, text in enumerate(texts):
        for place, start in enumerate(range(0, len(text) - 8 * LENGTH, 8 * LENGTH)):
            test = place % 5 == 4
            for offset in range(0, 7 * LENGTH + 1, LENGTH if test else LENGTH // 2):
                parts[test][0].append(text[start + offset : start + offset + LENGTH])
                parts[test][1].append(label)
    return [(torch.stack(rows), torch.tensor(labels)) for rows, labels in (parts[False], parts[True])]


def documents():
    return [characters(pathlib.Path("/usr/share/common-licenses", name).read_text()) for name in LICENSES]


def scores(module, data):
    with torch.no_grad():
        logits = torch.cat([module(rows) for rows in data[0].split(256)])
    return nn.functional.cross_entropy(logits, data[1]).item(), (logits.argmax(dim=1) == data[1]).double().mean().item()


def passes_of_summary(model, partition):
    """Gradient passes that a row of a summary costs, by the operations of both."""
    from pyspark import SparkContext

    java = SparkContext._active_spark_context._jvm.io.etastar
    described = java.graph.ModelDescription(model.settings()).loaded().build()
    count = java.taylor.OperationCount
    subsets = java.partition.Partitions.parse(partition, described.layout())
    return count.summary(described, subsets, java.quantity.Curvature.GGN) / count.gradient(described)


def steps_for(budget, batch, cost, period=30):
    """Steps of solved lengths that cost the budget: summaries at 0, 1, 2, 4, ... and every period, slopes on 100 other rows."""
    spent, step = 0.0, 0
    while spent + batch <= budget:
        early = step == 0 or step & (step - 1) == 0 and step < period
        spent += batch + ((batch * cost + max(100, batch)) if early or step % period == 0 else 0)
        step += 1
    return step


class Runs:
    """Runs of one seed: of the same first weights, on the same rows."""

    def __init__(self, encoder, train, test, classes, seed):
        torch.manual_seed(seed)
        module = Classifier(encoder, classes).eval()
        self.train, self.test, self.seed, self.module = train, test, seed, module
        self.first, self.model, self.frame = copy.deepcopy(module.state_dict()), None, None

    def run(self, name, params, budget, batch):
        steps = budget // batch
        found = {"optimizer": name, "seed": self.seed, **(self.solved if name.startswith("solved") else self.adamw)(params, budget, batch)}
        found["train"], found["train_accuracy"] = scores(self.module, self.train)
        found["test"], found["test_accuracy"] = scores(self.module, self.test)
        return found

    def solved(self, params, budget, batch):
        """newton-summary with nothing set but params, by the engine."""
        import etastar

        if self.model is None:
            self.module.load_state_dict(self.first)
            self.model = etastar.from_torch(self.module, self.train[0][:2])
            self.frame = self.model.frame(*self.train).coalesce(1).cache()
        cost = passes_of_summary(self.model, params.get("partition", "canonical"))
        steps = steps_for(budget, batch, cost)
        estimator = self.model.estimator(
            maxSteps=steps, maxIter=1000, batchSize=batch, numPartitions=1, seed=self.seed, **params)
        fitted = estimator.fit(self.frame)
        self.module.load_state_dict(self.model.to_state_dict(fitted))
        named = params.get("partition", "")
        return {
            "steps": steps, "cost": cost, "losses": list(fitted.summary.objectiveHistory),
            "subsets": [*named.removeprefix("names:").split(","), "the rest"] if named else list(self.model.parameters),
            "rates": [[step, rates] for step, _, rates in fitted.summary.learningRates]}

    def adamw(self, params, budget, batch):
        """PyTorch's own AdamW, rows of each epoch in an order of the seed's."""
        self.module.load_state_dict(self.first)
        rows, labels = self.train
        trained = [p for p in self.module.parameters() if p.requires_grad]
        optimizer, steps, losses = torch.optim.AdamW(trained, lr=params["lr"]), budget // batch, []
        falls = params["decay"] == "linear"
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps if falls else 1.0)
        generator = torch.Generator().manual_seed(self.seed)
        while len(losses) < steps:
            for some in torch.randperm(len(rows), generator=generator).split(batch)[: len(rows) // batch][: steps - len(losses)]:
                loss = nn.functional.cross_entropy(self.module(rows[some]), labels[some])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
        return {"steps": steps, "losses": losses}


def optimizers():
    for rate in RATES:
        for decay in ("none", "linear"):
            yield "adamw-%s-%s" % (rate, decay), {"lr": float(rate), "decay": decay}
    yield "solved", {}
    yield "solved-adam", {"baseRule": "adam"}
    yield "solved-A-B", {"partition": "names:lora_A.weight,lora_B.weight"}


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/lora.sh", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--budget", type=int, default=8000, help="gradient passes of a run")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--pretraining", type=int, default=2000, help="steps")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="some of the optimizers")
    parser.add_argument("--output", default="target/lora")
    given = parser.parse_args()
    output = pathlib.Path(given.output)
    output.mkdir(parents=True, exist_ok=True)
    weights = output / ("encoder-%d.pt" % given.pretraining)
    if not weights.exists():
        torch.save(pretrained(given.pretraining, seed=0).state_dict(), weights)
    if not given.only or any(name.startswith("solved") for name in given.only):
        from pyspark.sql import SparkSession

        SparkSession.builder.getOrCreate()
    texts = documents()
    train, test = passages(texts)
    print("lora rows=%d test_rows=%d" % (len(train[0]), len(test[0])), flush=True)
    for seed in given.seeds:
        encoder, runs = Encoder(), None
        encoder.load_state_dict(torch.load(weights))
        for name, params in optimizers():
            file = output / ("%s-%d-%d.json" % (name, given.budget, seed))
            if not file.exists() and (not given.only or name in given.only):
                runs = runs or Runs(encoder, train, test, len(texts), seed)
                file.write_text(json.dumps(runs.run(name, params, given.budget, given.batch)))
            if file.exists():
                found = json.loads(file.read_text())
                print("lora optimizer=%s seed=%d steps=%d train_loss=%.4f test_loss=%.4f train_accuracy=%.4f test_accuracy=%.4f" % (
                    name, seed, found["steps"], found["train"], found["test"], found["train_accuracy"], found["test_accuracy"]),
                    flush=True)


if __name__ == "__main__":
    main()
