;; Looks for a marker in the data of a JPEG's scan, sixteen bytes at a time. `jpeg-marker.ts` holds this module assembled; its test
;; assembles it anew.
(module
  (memory (export "memory") 1 1)
  ;; Where 255 stands before `end` and from `from` on, with a byte behind it that is not 0, 255 or one of 208 to 215; -1 where it does not.
  ;; The seventeen bytes behind `end` are read too, and must be 0.
  (func (export "find") (param $from i32) (param $end i32) (result i32)
    (local $next v128)
    (local $found i32)
    (loop $more
      (local.set $next (v128.load offset=1 (local.get $from)))
      (local.set $found
        (i8x16.bitmask
          (v128.andnot
            (i8x16.eq (v128.load (local.get $from)) (i8x16.splat (i32.const 255)))
            (v128.or
              (i8x16.eq (local.get $next) (i8x16.splat (i32.const 0)))
              (v128.or
                (i8x16.eq (local.get $next) (i8x16.splat (i32.const 255)))
                (i8x16.eq
                  (v128.and (local.get $next) (i8x16.splat (i32.const 248)))
                  (i8x16.splat (i32.const 208))))))))
      (if (local.get $found)
        (then (return (i32.add (local.get $from) (i32.ctz (local.get $found))))))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (br_if $more (i32.lt_u (local.get $from) (local.get $end))))
    (i32.const -1)))
