"""The run's settings, by the names of src/esper/config.ts."""
from dataclasses import asdict, dataclass, fields


@dataclass
class Config:
    fidelity: str = "textbook"
    seed: int = 1
    imagesPerBatch: int = 8
    samplesPerImage: int = 8
    trainingPictures: int = 512
    checkpointEvery: int = 20
    query: str = "pair"
    prompt: str = "The photo describes a"
    openingWords: str = ""
    styleLabels: str = ""
    responseLength: int = 12
    minResponse: int = 3
    temperature: float = 0.8
    topK: int = 0
    topP: float = 1.0
    noRepeatNgram: int = 0
    referenceUntil: int = 0
    clipWeight: float = 1.0
    clipCalibration: str = "first-pass"
    clipGain: float = 50.0
    clipBias: float = 0.2
    clipText: str = "whole"
    rewardExpression: str = ""
    goalFrom: int = 0
    klCoef: float = 0.02
    klController: str = "fixed"
    klTarget: float = 6.0
    klHorizon: int = 10_000
    fluencyWeight: float = 0.0
    repetitionWeight: float = 0.0
    warmStartUpdates: int = 0
    warmStartNoise: float = 0.016
    advantage: str = "rloo"
    whitening: str = "batch"
    whitenRewards: str = "no"
    gamma: float = 1.0
    # `lambda` is a Python keyword; see `as_json`.
    lam: float = 0.95
    epochs: int = 4
    minibatches: int = 4
    activations: str = "keep"  # of the page's memory alone: no number depends on it
    policyFrom: int = 0
    clipRange: float = 0.2
    valueClipRange: float = 0.2
    valueCoef: float = 0.5
    klLossCoef: float = 0.0
    klLossThreshold: float = 0.1
    entropyCoef: float = 0.0
    nllCoef: float = 0.0
    nllThreshold: float = 70.0
    learningRate: float = 5e-4
    warmupUpdates: int = 0
    decayUpdates: int = 0
    weightDecay: float = 0.01
    maxGradNorm: float = 1.0
    projector: str = "mlp"
    projectorLayers: int = 1
    prefixLength: int = 4
    valueProjector: str = "shared"

    @property
    def batch_size(self):
        return self.imagesPerBatch * self.samplesPerImage

    @classmethod
    def from_json(cls, settings):
        """Settings that an earlier page did not have take their defaults, which are what it did.

        @throws KeyError: settings that this twin does not know
        """
        named = {"lam" if k == "lambda" else k: v for k, v in settings.items()}
        unknown = named.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise KeyError(f"unknown settings: {sorted(unknown)}")
        return cls(**named)

    def as_json(self):
        return {"lambda" if k == "lam" else k: v for k, v in asdict(self).items()}


def learning_rate(config, update):
    """Linear warm-up, then optional linear decay to 0; `update` counts from 0."""
    rate = config.learningRate
    if update < config.warmupUpdates:
        return rate * (update + 1) / config.warmupUpdates
    if config.decayUpdates > 0:
        return rate * max(0.0, 1 - (update - config.warmupUpdates) / config.decayUpdates)
    return rate
