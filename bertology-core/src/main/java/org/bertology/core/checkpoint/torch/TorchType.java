package org.bertology.core.checkpoint.torch;

/** An element type of PyTorch that is read, with the names that pickles give it. */
public enum TorchType {
  DOUBLE(8, "torch.float64", "torch.DoubleStorage"),
  FLOAT(4, "torch.float32", "torch.FloatStorage"),
  HALF(2, "torch.float16", "torch.HalfStorage"),
  BFLOAT16(2, "torch.bfloat16", "torch.BFloat16Storage"),
  LONG(8, "torch.int64", "torch.LongStorage"),
  INT(4, "torch.int32", "torch.IntStorage"),
  SHORT(2, "torch.int16", "torch.ShortStorage"),
  CHAR(1, "torch.int8", "torch.CharStorage"),
  BYTE(1, "torch.uint8", "torch.ByteStorage"),
  BOOL(1, "torch.bool", "torch.BoolStorage");

  private final int bytes;
  private final String typeName;
  private final String storageName;

  TorchType(int bytes, String typeName, String storageName) {
    this.bytes = bytes;
    this.typeName = typeName;
    this.storageName = storageName;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** The type's name in Python. */
  String typeName() {
    return typeName;
  }

  /** The name in Python of the class of storages with such elements. */
  String storageName() {
    return storageName;
  }
}
