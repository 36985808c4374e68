"""Recipe `seed` as people write it with albumentations and with numpy: gray, Gaussian noise, dirt laid over at random,
and the damage as alpha. Both take [H,W,3] uint8 and return aged [H,W] and damage [H,W], uint8."""

import albumentations
import cv2
import numpy as np

cv2.setNumThreads(1)
SIGMA = (5 / 255, 50 / 255)
SCALE, OPACITY = (1.5, 3.0), (0.4, 1.0)


def draw_dirt():
    """Five pictures of specks and hairs, 512 x 512, uint8: 0 clean .. 255 dirt alone."""
    rng = np.random.default_rng(1)
    pictures = []
    for _ in range(5):
        picture = np.zeros((512, 512), np.uint8)
        for _ in range(200):
            x, y = map(int, rng.integers(0, 512, 2))
            cv2.circle(picture, (x, y), int(rng.integers(1, 4)), int(rng.integers(80, 255)), -1, cv2.LINE_AA)
        for _ in range(8):
            points = np.cumsum(rng.integers(-12, 13, (12, 2)), 0) + rng.integers(0, 512, 2)
            cv2.polylines(picture, [points.astype(np.int32)], False, 200, 1, cv2.LINE_AA)
        pictures.append(picture)
    return pictures


def blend_bytes(image, dirt, mode):
    if mode == "add":
        return cv2.add(image, dirt)
    if mode == "subtract":
        return cv2.subtract(image, dirt)
    if mode == "multiply":
        return cv2.multiply(image, 255 - dirt, scale=1 / 255)
    return cv2.max(image, dirt)


class Dirt(albumentations.DualTransform):
    """One picture of dirt over the image, the same into the mask."""

    _targets = (albumentations.core.transforms_interface.Targets.IMAGE, albumentations.core.transforms_interface.Targets.MASK)

    def __init__(self, pictures, p=1.0):
        super().__init__(p=p)
        self.pictures = pictures

    def get_params_dependent_on_data(self, params, data):
        height, width = params["shape"][:2]
        picture = self.pictures[self.py_random.randrange(len(self.pictures))]
        if self.py_random.random() < 0.5:
            picture = cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)
        side = self.py_random.uniform(*SCALE) * min(width, height)
        # Only what the image shows of the enlarged picture is made.
        scale = side / picture.shape[0]
        x, y = self.py_random.uniform(0, max(0.0, side - width)), self.py_random.uniform(0, max(0.0, side - height))
        place = np.array([[1 / scale, 0, x / scale], [0, 1 / scale, y / scale]])
        dirt = cv2.warpAffine(picture, place, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                              borderMode=cv2.BORDER_REFLECT)
        dirt = cv2.convertScaleAbs(dirt, alpha=self.py_random.uniform(*OPACITY))
        return {"dirt": dirt, "mode": self.py_random.choice(("add", "subtract", "multiply", "lighten"))}

    def apply(self, img, dirt, mode, **params):
        return blend_bytes(img, dirt, mode)

    def apply_to_mask(self, mask, dirt, mode, **params):
        return cv2.add(mask, cv2.multiply(dirt, 255 - mask, scale=1 / 255))


class Albumentations:
    def __init__(self):
        pictures = draw_dirt()
        self.pipeline = albumentations.Compose([
            albumentations.ToGray(num_output_channels=1, p=1),
            albumentations.GaussNoise(std_range=SIGMA, p=1),
            Dirt(pictures, p=1),
            Dirt(pictures, p=0.5),
        ])

    def age(self, photo):
        done = self.pipeline(image=photo, mask=np.zeros(photo.shape[:2], np.uint8))
        return done["image"], done["mask"]


class Numpy:
    def __init__(self):
        self.rng = np.random.default_rng(1)
        self.pictures = [picture.astype(np.float32) / 255 for picture in draw_dirt()]

    def dirt(self, height, width):
        """Nearest neighbour: numpy has no other way to enlarge."""
        picture = self.pictures[self.rng.integers(len(self.pictures))]
        if self.rng.random() < 0.5:
            picture = picture.T
        side = self.rng.uniform(*SCALE) * min(width, height)
        columns = (np.arange(width) * (picture.shape[1] / side)).astype(np.intp)
        rows = (np.arange(height) * (picture.shape[0] / side)).astype(np.intp)
        return picture[rows][:, columns] * np.float32(self.rng.uniform(*OPACITY))

    def age(self, photo):
        gray = photo @ np.array([0.299, 0.587, 0.114], np.float32) / np.float32(255)
        sigma = np.float32(self.rng.uniform(*SIGMA))
        gray += sigma * self.rng.standard_normal(gray.shape, np.float32)
        intact = np.ones_like(gray)
        for _ in range(self.rng.integers(1, 3)):
            dirt = self.dirt(*gray.shape)
            mode = self.rng.integers(4)
            if mode == 0:
                gray += dirt
            elif mode == 1:
                gray -= dirt
            elif mode == 2:
                gray *= 1 - dirt
            else:
                np.maximum(gray, dirt, out=gray)
            intact *= 1 - dirt
        aged = np.clip(gray * 255 + 0.5, 0, 255).astype(np.uint8)
        return aged, ((1 - intact) * 255 + np.float32(0.5)).astype(np.uint8)
