;; Looks for what is no digit of base64, sixteen bytes at a time. `base64.ts` holds this module assembled; its test assembles it anew.
;;
;; The halves of a byte each name a set of rows, and the byte is a digit when a row is in both. The rows are, by the upper half:
;;   1: 2 (+ - /)    2: 3 (0-9)    4: 4 and 6 (A-O, a-o)    8: 5 (P-Z, _)    16: 7 (p-z)
(module
  (memory (export "memory") 1 1)
  ;; Whether the bytes from the beginning of the memory up to `end`, which is not 0, and the rest of their last sixteen are digits: 1 or 0.
  (func (export "areDigits") (param $end i32) (result i32)
    (local $at i32)
    (local $bytes v128)
    (local $least v128)
    (local.set $least (i8x16.splat (i32.const 255)))
    (loop $next
      (local.set $bytes (v128.load (local.get $at)))
      (local.set $least
        (i8x16.min_u
          (local.get $least)
          (v128.and
            (i8x16.swizzle
              (v128.const i8x16 26 30 30 30 30 30 30 30 30 30 28 5 4 5 4 13)
              (v128.and (local.get $bytes) (i8x16.splat (i32.const 15))))
            (i8x16.swizzle
              (v128.const i8x16 0 0 1 2 4 8 4 16 0 0 0 0 0 0 0 0)
              (v128.and (i16x8.shr_u (local.get $bytes) (i32.const 4)) (i8x16.splat (i32.const 15)))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (i8x16.all_true (local.get $least))))
