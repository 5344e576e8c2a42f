"""Advantages of response tokens. All arrays are [B, T] and zero beyond each response."""
import torch


def rloo(reward, mask, samples_per_image):
    """Reward-to-go minus the mean total reward of the other K − 1 samples of the same image.

    Leave-one-out baseline (Kool et al. 2019; Ahmadian et al. 2024). Episode b is of image b // K.
    """
    to_go = reward.flip(1).cumsum(1).flip(1)
    total = reward.sum(1).view(-1, samples_per_image)
    baseline = (total.sum(1, keepdim=True) - total) / (samples_per_image - 1)
    return (to_go - baseline.view(-1, 1)) * mask


def grpo(reward, mask, samples_per_image):
    """A response's total reward over the other samples' mean, in deviations of them, at each of its tokens.

    GRPO with outcome rewards (Shao et al. 2024, DeepSeekMath); deviation over K − 1 and epsilon as TRL's GRPOTrainer.
    """
    total = reward.sum(1).view(-1, samples_per_image)
    normal = (total - total.mean(1, keepdim=True)) / (total.std(1, keepdim=True) + 1e-4)
    return normal.view(-1, 1) * mask


def gae(reward, value, mask, gamma, lam):
    """δ_t = r_t + γV_{t+1} − V_t, A_t = δ_t + γλA_{t+1} (Schulman et al. 2016); V, A = 0 after the end."""
    advantage = torch.zeros_like(reward)
    next_value = next_advantage = torch.zeros_like(reward[:, 0])
    for t in reversed(range(reward.shape[1])):
        delta = reward[:, t] + gamma * next_value - value[:, t]
        next_advantage = (delta + gamma * lam * next_advantage) * mask[:, t]
        next_value = value[:, t] * mask[:, t]
        advantage[:, t] = next_advantage
    return advantage


def whiten(x, mask, released=False, shift_mean=True):
    """(x − mean)/(std + 1e-8) over valid tokens, biased variance; with shift_mean False plus the mean again.

    The released code divides by the deviation's square root.
    """
    count = mask.sum()
    mean = (x * mask).sum() / count
    deviation = (((x - mean).square() * mask).sum() / count).sqrt()
    divisor = deviation.sqrt() if released else deviation
    return ((x - mean) / (divisor + 1e-8) + (0 if shift_mean else mean)) * mask
